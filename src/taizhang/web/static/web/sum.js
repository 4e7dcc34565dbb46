// Keeps the sum of quotas under the eyes of whoever types them; the server adds them up again.
const sum = document.getElementById("sum");
const fields = [...document.querySelectorAll("input[data-planned]")];

function number(text) {
  const value = Number(text.trim());
  return text.trim() !== "" && Number.isFinite(value) ? value : null;
}

function add() {
  let total = 0;
  for (const field of fields) {
    total += number(field.value) ?? number(field.dataset.planned) ?? 0;
  }
  sum.textContent = String(Math.round(total * 10000) / 10000);
  const own = number(sum.dataset.own ?? "");
  sum.classList.toggle("off-balance", own !== null && Math.abs(own - total) > 0.00005);
}

if (sum) {
  for (const field of fields) field.addEventListener("input", add);
  add();
}
