// What makes a form quick to fill: chips for known answers, for today, for "about" and "at least";
// rows of a list added by one tap; the keyboard's Enter goes on to the next field.

import { Chooser } from "./chooser.js";
import { day, el, word } from "./dom.js";
import { answer, thingFill } from "./says.js";

const nameOf = (control) => (control.dataset.name || control.name || "").split("/").pop();

/** Add the helps to all fields below `root` (the form, or a new row). */
export function help(root, sheet, known, form) {
  for (const star of root.querySelectorAll(".rating-widget__rating__star")) star.setAttribute("aria-label", star.value);
  const helps = { sheet, known: known.forms?.[sheet.key] ?? {}, things: known.entities ?? {}, form };
  for (const control of root.querySelectorAll("input:not([type=hidden]), textarea")) {
    if (control.closest(".option-wrapper, .itemset-template") || control.dataset.helped) continue;
    if (control.matches(".photo-name, .ignore")) continue; // a picture has a button of its own
    control.dataset.helped = "1";
    if (control.type === "date") dateHelp(control, helps);
    else if (control.type === "number") numberHelp(control, helps);
    else if (control.type === "text" || control.localName === "textarea") textHelp(control, helps);
  }
}

function chips(control, ...made) {
  const box = el("span", { class: "chips" }, ...made);
  control.after(box);
  return box;
}

/** A chip is a button inside the question's label: it must not pass its tap on to the field. */
function chip(label, act, attributes = {}) {
  return el(
    "button",
    {
      type: "button",
      class: "chip",
      ...attributes,
      onclick: (event) => {
        event.preventDefault();
        event.stopPropagation();
        act(event.currentTarget);
      },
    },
    label,
  );
}

function dateHelp(control, { sheet }) {
  if (control.readOnly || control.closest(".readonly")) return;
  const days = [chip(word("today"), () => answer(control, day()))];
  if (sheet.dates.includes(nameOf(control))) {
    days.push(chip(word("yesterday"), () => answer(control, day(-1))));
  }
  chips(control, ...days);
}

/** Offer earlier texts, or the unit's own things; a known thing fills what it says. */
function textHelp(control, { sheet, known, things, form }) {
  if (control.readOnly) return;
  const name = nameOf(control);
  control.setAttribute("autocomplete", "off");
  control.setAttribute("enterkeyhint", "next");
  if (sheet.entity?.id === name) {
    thingHelp(control, sheet.entity, things[sheet.entity.dataset] ?? [], form);
    return;
  }
  const texts = (known.offers?.[name] ?? []).filter((text) => text !== control.value);
  if (texts.length) {
    chips(control, ...texts.map((text) => chip(text, () => answer(control, text))));
  }
}

/** A thing of a known kind is chosen; of other lists the first are offered, by name if they have one. */
function thingHelp(control, entity, list, form) {
  if (entity.kind) {
    form.chooser = new Chooser(control, entity, list, form);
    return;
  }
  const same = (label) => list.filter((thing) => thing.label === label).length;
  const made = list.slice(0, 12).map((thing) =>
    chip(same(thing.label) > 1 && thing.label !== thing.key ? `${thing.label} ${thing.key}` : thing.label, () => {
      answer(control, thing.key);
      thingFill(thing, entity, form);
    }),
  );
  if (made.length) chips(control, ...made);
}

/** Offer by name the units and bodies to which a case may be handed: nobody types a code. */
export function receivers(control, known) {
  if (!known.length) return;
  const made = known.map(({ code, name }) => chip(name, () => answer(control, code), { "data-code": code }));
  const show = () => {
    for (const one of made) one.setAttribute("aria-pressed", String(one.dataset.code === control.value));
    // Only an answer that has no name here is shown as the code that it is.
    control.hidden = !control.value || known.some(({ code }) => code === control.value);
  };
  chips(control, ...made);
  for (const event of ["change", "input"]) control.addEventListener(event, show);
  show();
}

const KINDS = ["about", "at_least"];

/** Say how sure a number is: the word stands as an attribute at the answer. */
function numberHelp(control, { form }) {
  const whole = control.dataset.typeXml === "int";
  control.setAttribute("inputmode", whole ? "numeric" : "decimal");
  control.setAttribute("enterkeyhint", "next");
  if (control.readOnly || control.hasAttribute("min")) return;
  const node = () => form.model.node(form.input.getName(control), form.input.getIndex(control)).getElement();
  const made = KINDS.map((kind) =>
    chip(word(kind), () => {
      const at = node();
      if (!at) return;
      if (at.getAttribute("quantity") === kind) at.removeAttribute("quantity");
      else at.setAttribute("quantity", kind);
      at.removeAttribute("high");
      show();
      form.view.html.dispatchEvent(new Event("quantity"));
    }, { "aria-pressed": "false", "data-kind": kind }),
  );
  const range = el("span", { class: "tag", hidden: true });
  const box = chips(control, ...made, range);
  const show = () => {
    const kind = node()?.getAttribute("quantity");
    box.hidden = control.value === "";
    for (const one of made) one.setAttribute("aria-pressed", String(one.dataset.kind === kind));
    range.hidden = !["between", "at_most"].includes(kind);
    range.textContent = kind === "between" ? `${control.value}–${node().getAttribute("high")}` : `≤ ${control.value}`;
  };
  const forget = () => {
    node()?.removeAttribute("quantity");
    node()?.removeAttribute("high");
  };
  control.addEventListener("input", () => {
    // A range that was recorded elsewhere does not outlive a number typed here.
    if (control.value === "" || !range.hidden) forget();
    show();
  });
  show();
}

/** Put the ways to add a row under each list of the form. */
export function rowsHelp(form, sheet, known) {
  for (const info of form.view.html.querySelectorAll(".or-repeat-info")) {
    const name = info.dataset.name.split("/").pop();
    const repeat = sheet.repeats[name];
    const add = info.querySelector(".add-repeat-btn");
    if (!add || !repeat) continue;
    if (repeat.pick) {
      add.hidden = true;
      const label = el("p", { class: "row-label" }, word("add_row", { label: repeat.label }));
      const made = repeat.choices.map(([value, text]) =>
        chip(`＋ ${text}`, () => rowAdd(form, info, repeat, value, known.forms?.[sheet.key]?.rows?.[name])),
      );
      info.append(label, el("div", { class: "chips rows-add" }, ...made));
    } else {
      add.textContent = `＋ ${word("add_row", { label: repeat.label })}`;
    }
  }
}

function rowAdd(form, info, repeat, value, before) {
  form.repeats.add(info);
  const rows = [...info.parentElement.querySelectorAll(":scope > .or-repeat")];
  const row = rows[rows.length - 1];
  const radio = [...row.querySelectorAll(`[data-name$="/${repeat.pick}"]`)].find(
    (one) => one.value === value,
  );
  if (radio) answer(radio);
  for (const [name, text] of Object.entries(before?.[value] ?? {})) {
    const control = row.querySelector(`input[type=text][name$="/${name}"]`);
    if (control && !control.value) answer(control, text);
  }
  const next = row.querySelector("input[type=number]") ?? row.querySelector("input[type=text]");
  next?.focus();
  row.scrollIntoView({ block: "center" });
}

/** Enter goes to the next field that is not yet answered, and closes the keyboard at the last. */
export function enterGoesOn(root) {
  root.addEventListener("keydown", (event) => {
    const from = event.target;
    if (event.key !== "Enter" || event.isComposing || from.localName !== "input") return;
    event.preventDefault();
    const fields = [...root.querySelectorAll("input[type=text], input[type=number], textarea")].filter(
      (one) => !one.readOnly && !one.disabled && one.offsetParent !== null,
    );
    const next = fields[fields.indexOf(from) + 1];
    if (next) next.focus();
    else from.blur();
  });
}
