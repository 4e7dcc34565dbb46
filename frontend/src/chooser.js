// Which thing a record is about: tapped by name and place, looked for, scanned, or new by its name.
//
// The form's own question keeps the answer (an id) and is hidden; people see names, places, numbers.

import { day, el, word } from "./dom.js";
import { idMade, isMade, isMeant, nearNames, thingNamed, thingOfCode } from "./names.js";
import { answer, inputsOf, thingFill, thingSaid, thingTakeBack } from "./says.js";
import { canScan, scan } from "./scan.js";

/** With more things than these a field to look for one is shown, and no more are shown at once. */
const FEW = 8;
const MOST_FOUND = 30;
let made = 0;

const button = (words, act, more = {}) => el("button", { type: "button", ...more, onclick: act }, words);

/** Say when a thing is due, in words. */
function dueWords(thing) {
  if (thing.ended) return word("thing_ended", { how: thing.ended });
  if (!thing.due) return "";
  return word(thing.due < day() ? "thing_overdue" : "thing_due", { day: thing.due });
}

export class Chooser {
  constructor(control, entity, things, form) {
    Object.assign(this, { control, entity, things, form, kind: entity.kind });
    this.question = control.closest(".question");
    this.id = `chooser-${(made += 1)}`;
    this.isAll = false;
    this.isRenaming = false;
    this.body = el("div");
    this.said = el("p", { class: "chooser-said", role: "status" });
    this.error = el("p", { class: "error", role: "alert", hidden: true });
    const required = this.question.querySelector(".required") && el("span", { class: "required", "aria-hidden": "true" }, "*");
    this.element = el(
      "section", { class: "chooser", role: "group", "aria-labelledby": this.id },
      el("p", { class: "chooser-name", id: this.id }, this.kind.label, required || null),
      this.body, this.said, this.error,
    );
    this.question.before(this.element);
    this.question.chooser = this;
    this.names = this.kind.names.filter((name) => name !== entity.id);
    this.nearBox = el("div", { class: "chooser-near", role: "status" });
    this.nameQuestion()?.after(this.nearBox);
    for (const name of this.kind.names) {
      for (const input of inputsOf(form, name)) input.addEventListener("input", () => this.near());
    }
    new MutationObserver(() => this.refused()).observe(this.question, { attributeFilter: ["class"] });
    // A draft does not tell what its thing filled in: name and place at least are the thing's own.
    this.filled = new Set([...this.names, ...this.kind.places]);
    this.isNew = isMade(control.value) && !thingNamed(things, control.value);
    this.draw();
  }

  /** Give the thing chosen; one that is not known here is called by what was recorded. */
  chosen() {
    const { value } = this.control;
    if (!value || this.isNew) return null;
    return this.things.find((thing) => thing.key === value) ?? { key: value, label: value, says: {} };
  }

  nameQuestion() {
    const [name] = this.kind.names;
    return name && inputsOf(this.form, name)[0]?.closest(".question");
  }

  draw() {
    const thing = this.chosen();
    this.body.replaceChildren(...(thing ? this.shown(thing) : this.isNew ? this.fresh() : this.asking()));
    this.said.textContent = "";
    this.questionsShow(thing);
    this.near();
  }

  /** Name and place are asked of a new thing, of one that lacks them, and where they changed. */
  questionsShow(thing) {
    this.question.hidden = !(this.isNew && this.kind.names.includes(this.entity.id));
    for (const name of [...this.names, ...this.kind.places]) {
      const says = Object.keys(this.entity.saves).find((said) => this.entity.saves[said] === name);
      const question = inputsOf(this.form, name)[0]?.closest(".question");
      if (question) question.hidden = !(this.isNew || (thing && (this.isRenaming || !thing.says[says])));
    }
  }

  // --- to choose ---

  asking() {
    const parts = [];
    this.list = el("ul", { class: "chooser-list", role: "listbox", "aria-labelledby": this.id });
    this.list.addEventListener("keydown", (event) => this.move(event));
    this.more = button("", () => this.showAll(), { class: "quiet", hidden: true });
    if (this.things.length > FEW) parts.push(this.finder());
    else this.search = null;
    parts.push(this.list, this.more, this.ways());
    this.listShow();
    return parts;
  }

  finder() {
    const id = `${this.id}-find`;
    this.search = el("input", { type: "search", class: "ignore", id, autocomplete: "off", enterkeyhint: "search" });
    this.search.addEventListener("input", (event) => {
      event.stopPropagation();
      this.listShow();
    });
    this.search.addEventListener("keydown", (event) => this.searchKey(event));
    return el("p", { class: "chooser-find" }, el("label", { for: id }, word("thing_find")), this.search);
  }

  searchKey(event) {
    if (!["Enter", "ArrowDown"].includes(event.key) || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    const [first, second] = this.list.children;
    if (event.key === "Enter" && first && !second) first.click();
    else first?.focus();
  }

  /** Things that stand are offered; what ended is found by looking for it. */
  listShow() {
    const query = this.search?.value.trim() ?? "";
    const offered = query ? this.things.filter((thing) => isMeant(thing, query)) : this.things.filter((thing) => !thing.ended);
    const most = query ? MOST_FOUND : this.isAll || !this.search ? offered.length : FEW;
    const options = offered.slice(0, most).map((thing) => this.option(thing));
    if (options[0]) options[0].tabIndex = 0;
    this.list.replaceChildren(...options);
    this.list.hidden = !options.length;
    this.more.hidden = query !== "" || offered.length <= most;
    this.more.textContent = word("thing_all", { n: offered.length });
    if (query) this.said.textContent = word(offered.length ? "thing_found" : "thing_none", { n: offered.length });
    else this.said.textContent = "";
  }

  option(thing) {
    return el(
      "li", { role: "option", "aria-selected": "false", tabindex: "-1", "data-key": thing.key, onclick: () => this.take(thing) },
      ...this.lines(thing),
    );
  }

  lines(thing) {
    const due = dueWords(thing);
    const late = thing.due && thing.due < day();
    const small = [thing.place, thing.number !== thing.label && thing.number].filter(Boolean).join(" · ");
    return [
      el("strong", {}, thing.label || word("thing_nameless")),
      small ? el("span", { class: "chooser-place" }, small) : null,
      thing.pending ? el("span", { class: "tag wait" }, word("thing_pending")) : null,
      due ? el("span", { class: late ? "tag bad" : "tag off" }, due) : null,
    ];
  }

  /** Arrows go from thing to thing, Enter or the space bar takes one. */
  move(event) {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    const to = {
      ArrowDown: option.nextElementSibling, ArrowUp: option.previousElementSibling ?? this.search,
      Home: this.list.firstElementChild, End: this.list.lastElementChild,
    }[event.key];
    if (event.key === "Enter" || event.key === " ") option.click();
    else if (to) to.focus();
    else if (!["ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    if (to?.role !== "option") return;
    for (const other of this.list.children) other.tabIndex = other === to ? 0 : -1;
  }

  showAll() {
    this.isAll = true;
    this.listShow();
    this.list.children[FEW]?.focus();
  }

  ways() {
    const scanning = button(word("thing_scan"), () => this.scan(), { class: "chooser-scan", hidden: true });
    canScan().then((can) => (scanning.hidden = !can));
    const first = this.kind.first.map(({ title }) => `“${title}”`).join("、");
    const begin = this.kind.names.length
      ? button(`＋ ${word("thing_new")}`, () => this.begin(), { class: "chooser-new" })
      : first && el("p", { class: "hint" }, word("thing_first", { forms: first }));
    return el("div", { class: "chooser-ways" }, begin || null, scanning);
  }

  async scan() {
    const text = await scan().catch(() => false);
    const name = text && thingOfCode(text);
    if (name) this.takeNamed(name);
    else if (text !== null) this.said.textContent = word(text ? "scan_other" : "scan_no_camera");
  }

  /** Choose by what a sticker or a link names a thing by. */
  takeNamed(name) {
    const thing = thingNamed(this.things, name);
    if (thing) this.take(thing);
    else this.said.textContent = word("thing_elsewhere");
  }

  take(thing) {
    if (this.isNew) this.leaveNew();
    this.isRenaming = false;
    answer(this.control, thing.key);
    this.filled = thingFill(thing, this.entity, this.form);
    this.draw();
    this.body.querySelector("button")?.focus();
  }

  // --- chosen ---

  shown(thing) {
    const asks = [...this.names, ...this.kind.places].length > 0;
    return [
      el("div", { class: "chooser-chosen", "data-key": thing.key }, ...this.lines(thing)),
      el(
        "div", { class: "chooser-ways" },
        button(word("thing_other"), () => this.leave(thing), { class: "chooser-other" }),
        asks && !this.isRenaming ? button(word("thing_rename"), () => this.rename(), { class: "quiet" }) : null,
      ),
    ];
  }

  rename() {
    this.isRenaming = true;
    this.draw();
    const [name] = [...this.names, ...this.kind.places];
    inputsOf(this.form, name)[0]?.focus();
  }

  leave(thing) {
    thingTakeBack(thing, this.entity, this.form, this.filled);
    this.ask();
  }

  ask() {
    this.isNew = false;
    this.isRenaming = false;
    answer(this.control, "");
    // Whoever is about to choose another has left nothing out yet.
    this.form.validateInput(this.control).then(() => this.form.setValid(this.control));
    this.draw();
    (this.search ?? this.list.firstElementChild ?? this.body.querySelector("button"))?.focus();
  }

  // --- new ---

  fresh() {
    return [
      el("p", { class: "chooser-chosen" }, el("strong", {}, word("thing_fresh", { kind: this.kind.label })), el("span", {}, word("thing_fresh_hint"))),
      el("div", { class: "chooser-ways" }, button(word("thing_back"), () => this.back(), { class: "chooser-other" })),
    ];
  }

  begin() {
    this.isNew = true;
    answer(this.control, this.kind.names.includes(this.entity.id) ? "" : idMade());
    this.draw();
    this.nameQuestion()?.querySelector("input, textarea")?.focus();
  }

  back() {
    this.leaveNew();
    this.ask();
  }

  /** A new thing that was none after all takes its name and place with it. */
  leaveNew() {
    this.isNew = false;
    for (const name of [...this.names, ...this.kind.places]) {
      const text = inputsOf(this.form, name).find((input) => input.matches("[type=text], textarea"));
      if (text?.value) answer(text, "");
    }
  }

  /** Ask whether one of the known things is meant; nothing is joined by itself. */
  near() {
    const name = this.isNew ? this.nameTyped() : "";
    const near = nearNames(name, this.things);
    if (name && this.nearError) this.nameMissing(false);
    this.nearBox.replaceChildren(
      ...near.map((thing) =>
        el("div", { class: "note" }, el("p", {}, word("thing_near", { name: [thing.label, thing.place].filter(Boolean).join("，") })),
          button(word("thing_this"), () => this.take(thing), { "data-key": thing.key })),
      ),
    );
  }

  nameTyped() {
    const values = this.kind.names.flatMap((name) => inputsOf(this.form, name)).map((input) =>
      input.type === "radio" ? (input.checked ? input.value : "") : input.value);
    return values.find((value) => value?.trim())?.trim() ?? "";
  }

  nameMissing(missing) {
    this.nearError = missing;
    const question = this.nameQuestion();
    question?.classList.toggle("chooser-wrong", missing);
    this.nearBox.replaceChildren(...(missing ? [el("p", { class: "error" }, word("thing_name_missing"))] : []));
  }

  // --- what the form asks ---

  /** Say whether the thing is told; whoever begins a new one gives it a name. */
  isComplete() {
    if (!this.isNew || this.nameTyped()) return true;
    this.nameMissing(true);
    this.nameQuestion()?.querySelector("input, textarea")?.focus();
    return false;
  }

  /** Show here what Enketo says of the hidden question. */
  refused() {
    this.element.hidden = this.question.classList.contains("disabled");
    const wrong = [...this.question.classList].some((name) => name.startsWith("invalid-"));
    this.element.classList.toggle("wrong", wrong);
    const said = this.question.querySelector(".or-constraint-msg.active")?.textContent;
    const constraint = this.question.classList.contains("invalid-constraint");
    this.error.textContent = wrong ? ((constraint && said) || word("thing_choose")) : "";
    this.error.hidden = !wrong;
  }

  focus() {
    this.element.scrollIntoView({ block: "center" });
    (this.element.querySelector("input, [role=option][tabindex='0'], button"))?.focus({ preventScroll: true });
  }

  /** Give a thing that begins with this record as the next form offers it, or null. */
  begun() {
    if (!this.isNew) return null;
    const says = thingSaid(this.entity, this.form);
    const label = this.nameTyped();
    const place = this.kind.places.map((name) => inputsOf(this.form, name)[0]?.value).find(Boolean) ?? "";
    const key = this.control.value;
    return { dataset: this.entity.dataset, key, label, place, number: "", due: "", ended: "", initials: "", says, pending: true };
  }
}
