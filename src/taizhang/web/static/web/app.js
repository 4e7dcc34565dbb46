// What every page does beyond plain HTML. No page needs it to be read.

/** Close an open menu when the focus leaves it or Escape is pressed. */
for (const menu of document.querySelectorAll("details.menu")) {
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
}

/** What takes longer than a moment says so: the bar "Working …", read aloud too. */
const AFTER = 400; // milliseconds
const MOST = 120_000; // a page that was never left is not waited for longer
const bar = document.getElementById("working");
let begun = 0;

function working() {
  if (!bar || begun) return;
  // A file to save leaves the page standing: its answer takes this cookie away.
  document.cookie = `working=1; path=/; max-age=${MOST / 1000}; samesite=strict`;
  const mine = (begun = Date.now());
  const look = () => {
    if (begun !== mine) return;
    const over = Date.now() - mine > MOST || !/(^|; )working=/.test(document.cookie);
    if (over) return rest();
    if (Date.now() - mine >= AFTER) bar.textContent = bar.dataset.words;
    setTimeout(look, AFTER / 2);
  };
  setTimeout(look, AFTER);
}

function rest() {
  begun = 0;
  document.cookie = "working=; path=/; max-age=0; samesite=strict";
  if (bar) bar.textContent = "";
}

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
  if (!link || event.defaultPrevented || event.button) return;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
  const here = link.pathname + link.search === location.pathname + location.search;
  if (link.hash && here) return;
  working();
});
// Escape stops the browser from loading, and nothing is waited for any more.
document.addEventListener("keydown", (event) => event.key === "Escape" && rest());

/** A form that takes long says so and cannot be sent twice. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  if (!event.defaultPrevented) working();
  if (form.method !== "post") return;
  form.dataset.sending = "1";
  form.setAttribute("aria-busy", "true");
});
// A page that comes back from the browser's memory waits for nothing and may send again.
window.addEventListener("pageshow", () => {
  rest();
  for (const form of document.querySelectorAll("form[data-sending]")) {
    delete form.dataset.sending;
    form.removeAttribute("aria-busy");
  }
});

/** A select or input with data-submit sends its form when it changes. */
document.addEventListener("change", (event) => {
  const field = event.target;
  if (field instanceof HTMLElement && field.dataset.submit !== undefined) {
    field.form.requestSubmit();
  }
});

/** A box with data-all ticks all boxes of that name in its form, and shows whether all are ticked. */
for (const all of document.querySelectorAll("input[data-all]")) {
  const boxes = [...all.form.querySelectorAll(`input[name="${all.dataset.all}"]`)];
  const show = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && !all.checked;
  };
  all.addEventListener("change", () => boxes.forEach((box) => (box.checked = all.checked)));
  for (const box of boxes) box.addEventListener("change", show);
  all.closest("[hidden]")?.removeAttribute("hidden");
  show();
}

/** A button with data-print prints the page. */
document.addEventListener("click", (event) => {
  if (event.target instanceof HTMLElement && event.target.closest("[data-print]")) window.print();
});
