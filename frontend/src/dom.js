// Small helpers for building a page from script; words come from the server, in its language.

/** Make an element: el("a", {href: "/", class: "x", onclick: f}, "text", child, …). */
export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** Read a JSON island of the page. */
export function island(id) {
  const found = document.getElementById(id);
  return found ? JSON.parse(found.textContent) : null;
}

let words = null;

/** Give a word of the page by its key, with %(name)s filled in. */
export function word(key, facts = {}) {
  words ??= island("words") ?? {};
  const text = words[key] ?? key;
  return text.replace(/%\((\w+)\)s/g, (_, name) => String(facts[name] ?? ""));
}

/** Today, as people count days here: by the phone's clock. */
export function day(offset = 0) {
  const moment = new Date();
  moment.setDate(moment.getDate() + offset);
  const two = (number) => String(number).padStart(2, "0");
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}

/** Day and time as all pages write them: 11-22 08:05. */
export function when(milliseconds) {
  const moment = new Date(milliseconds);
  const two = (number) => String(number).padStart(2, "0");
  const [month, date] = [moment.getMonth() + 1, moment.getDate()];
  return `${two(month)}-${two(date)} ${two(moment.getHours())}:${two(moment.getMinutes())}`;
}

/** Say which blank answers left a number open, with the way to fill them in. */
export function leftBlank(id, { blank, counted }) {
  const said = word(counted?.length ? "left_blank" : "left_blank_all", { what: blank.join("、") });
  return el(
    "p", { class: "note", role: "note" }, said, " ",
    el("a", { href: `/record/correct/${id}/` }, word("fill_in")),
  );
}
