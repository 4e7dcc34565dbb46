// Keeps the sum of quotas under the eyes of whoever types them; the server adds them up again.
const sum = document.getElementById("sum");
const gap = document.getElementById("gap");
const fields = [...document.querySelectorAll("input[data-planned]")];

function number(text) {
  const value = Number(text.trim());
  return text.trim() !== "" && Number.isFinite(value) ? value : null;
}

function written(value) {
  return String(Math.round(value * 10000) / 10000);
}

function add() {
  let total = 0;
  for (const field of fields) {
    total += number(field.value) ?? number(field.dataset.planned) ?? 0;
  }
  sum.textContent = written(total);
  const own = number(sum.dataset.own ?? "");
  const off = own !== null && Math.abs(own - total) > 0.00005;
  sum.classList.toggle("off-balance", off);
  gap.hidden = !off;
  if (off) gap.textContent = gap.textContent.replace(/-?[\d.]*\s*$/, written(own - total));
}

if (sum) {
  for (const field of fields) field.addEventListener("input", add);
  add();
}
