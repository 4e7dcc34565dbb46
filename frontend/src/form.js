// The page that fills in one form: /record/form/FORM/?unit=CODE and /record/correct/UID/.

import { Form } from "enketo-core";
import { FAR, clockAsk, daysAgo } from "./clock.js";
import { choicesKept, clearButtons } from "./chosen.js";
import { day, el, island, when, leftBlank, word } from "./dom.js";
import { answersOf, filled, stamped } from "./filled.js";
import { enterGoesOn, help, receivers, rowsHelp } from "./helps.js";
import { isGood, numbersKept } from "./number.js";
import { Photos, photoButtons, photoFields } from "./photos.js";
import { answer } from "./says.js";
import { sendAll, sendLater } from "./send.js";
import { db, draftAt, draftDrop, draftSave, queueAdd, thingsBegun } from "./store.js";
import { workerStart } from "./worker.js";

const JSON_ONLY = { Accept: "application/json" };
const SAVE_AFTER = 350;

const stage = document.getElementById("stage");
const who = island("session");
const correction = island("correction");

/** What this page is about, read from its address: the shell is the same for every form. */
function asked() {
  const at = new URL(location.href);
  const key = correction?.form ?? decodeURIComponent(at.pathname.split("/")[3] ?? "");
  const unit = correction?.unit ?? at.searchParams.get("unit") ?? who.unit;
  const ask = (name) => at.searchParams.get(name) ?? "";
  return {
    key, unit, thing: ask("thing"), draft: at.searchParams.get("draft"), again: at.searchParams.has("again"),
    // A step of a case is sent from the case's page, which says of which case and which step it is.
    of: ask("case") && { case: ask("case"), step: ask("step"), label: ask("title"), number: ask("number") },
  };
}

async function fetched(address) {
  const answer = await fetch(address, { headers: JSON_ONLY });
  if (answer.status === 401) {
    location.href = `/login?next=${encodeURIComponent(location.pathname + location.search)}`;
    return new Promise(() => {});
  }
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

class Page {
  constructor(want, sheet, known, draft) {
    Object.assign(this, { want, sheet, known });
    this.place = placeOf(want, sheet);
    this.draft = draft;
    this.of = draft?.of || want.of || null;
    this.saving = null;
    this.over = false;
    this.photos = new Photos(draft?.files, () => this.changed());
  }

  show() {
    const holder = el("div", { class: "form-holder" });
    holder.innerHTML = this.sheet.html; // made by our own server from a checked pack
    const html = holder.firstElementChild;
    photoFields(html);
    choicesKept(html);
    for (const said of html.querySelectorAll("[data-i18n]")) said.textContent = word(said.dataset.i18n);
    this.status = el("p", { class: "draft-status", role: "status" });
    this.bar = this.submitBar();
    stage.replaceChildren(
      ...[this.head(), holder, this.extras(), this.photos.element, this.bar].filter(Boolean),
    );
    this.form = new Form(
      html,
      {
        modelStr: this.sheet.model,
        instanceStr: this.draft ? this.goOn() : this.begin(),
        // A draft goes on under its own id; only a correction is an edit of what was submitted.
        submitted: Boolean(correction) && !this.draft,
        external: this.lists(),
      },
      { language: undefined },
    );
    const wrong = this.form.init();
    document.activeElement?.blur?.(); // Enketo goes to the first question: a keyboard would open
    if (wrong.length) this.warn(word("form_faults"), wrong);
    this.helps();
  }

  head() {
    const unit = this.known.unit?.name ?? this.want.unit;
    const own = this.of ? `${this.of.label || this.sheet.title} ${this.of.number}` : this.sheet.title;
    const title = correction ? word("correct_title", { title: own }) : own;
    document.title = `${title} · ${unit}`;
    const line = el("p", { class: "form-unit" }, unit);
    if (this.sheet.marks) line.append(" ", el("span", { class: "tag off" }, this.sheet.marks));
    return el("header", { class: "form-head" }, el("h1", {}, title), line, this.draftNote());
  }

  draftNote() {
    if (!this.draft) return null;
    const drop = el("button", { type: "button", class: "quiet", onclick: () => this.startAnew() }, word("start_anew"));
    return el("p", { class: "draft-note" }, word("draft_restored", { when: when(this.draft.savedAt) }), " ", drop);
  }

  async startAnew() {
    if (!window.confirm(word("start_anew_sure"))) return;
    this.over = true;
    clearTimeout(this.saving);
    await draftDrop(this.draft.id);
    location.reload();
  }

  /** The empty form with what is known: today, and answers that stay the same from time to time. */
  begin() {
    if (correction) return filled(this.sheet.model, correction.answers, correction.uid);
    const known = this.known.forms?.[this.sheet.key] ?? {};
    const answers = { ...known.defaults };
    for (const name of this.sheet.dates) answers[name] = day();
    if (this.of && this.sheet.named?.step) answers[this.sheet.named.step] = this.of.step;
    this.prefilled = new Set(Object.keys(known.defaults ?? {}));
    return filled(this.sheet.model, answers);
  }

  /** A draft; one of another version of the form is begun anew from its answers. */
  goOn() {
    const { xml, version, id } = this.draft;
    if (version === this.sheet.version) return xml;
    return filled(this.sheet.model, answersOf(xml, Object.keys(this.sheet.repeats)), id);
  }

  /** Lists that forms read from a file are the unit's own things. */
  lists() {
    return this.sheet.lists.map(({ id, dataset }) => {
      const xml = document.implementation.createDocument("", "root");
      for (const thing of this.known.entities?.[dataset] ?? []) {
        const item = xml.createElement("item");
        const label = [thing.label, thing.place, thing.pending && word("thing_pending")].filter(Boolean).join("，");
        for (const [name, text] of [["name", thing.key], ["label", label], ...Object.entries(thing.says)]) {
          const node = xml.createElement(name);
          node.textContent = text;
          item.append(node);
        }
        xml.documentElement.append(item);
      }
      return { id, xml };
    });
  }

  helps() {
    const html = this.form.view.html;
    const again = (root) => {
      help(root, this.sheet, this.known, this.form);
      photoButtons(root, this.photos, answer);
      clearButtons(root);
    };
    again(html);
    if (this.want.thing && !this.draft) this.form.chooser?.takeNamed(this.want.thing);
    if (this.of) this.stepHelps(html);
    numbersKept(this.form);
    rowsHelp(this.form, this.sheet, this.known);
    enterGoesOn(stage);
    html.addEventListener("addrepeat", (event) => again(event.target));
    for (const event of ["edited", "dataupdate", "removerepeat", "quantity", "input"]) {
      html.addEventListener(event, () => this.changed());
    }
    for (const name of this.prefilled ?? []) {
      const control = html.querySelector(`[name$="/${name}"], [data-name$="/${name}"]`);
      const label = control?.closest(".question")?.querySelector(".question-label");
      label?.after(el("span", { class: "tag off filled" }, word("as_last_time")));
    }
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.save();
    });
  }

  /** The step was chosen on the case's page; whoever may receive the case is offered by name. */
  stepHelps(html) {
    const { step, receiver } = this.sheet.named ?? {};
    const asked = (name) => html.querySelector(`[name$="/${name}"], [data-name$="/${name}"]`);
    const chosen = step && asked(step)?.closest(".question");
    if (chosen) chosen.hidden = true;
    if (receiver && asked(receiver)) receivers(asked(receiver), this.known.receivers ?? []);
  }

  extras() {
    const parts = [];
    if (correction) {
      this.reason = el("textarea", { id: "reason", maxlength: 500, required: true });
      this.reason.value = this.draft?.reason ?? "";
      this.reason.addEventListener("input", () => {
        this.askReason();
        this.changed();
      });
      this.reasonMissing = el("p", { class: "error", id: "reason-missing", hidden: true }, word("constraint.required"));
      parts.push(
        el("div", { class: "field" },
          el("label", { for: "reason" }, word("reason"), el("span", { class: "required", "aria-hidden": "true" }, " *")), this.reason,
          this.reasonMissing, el("p", { class: "hint" }, word("reason_hint"))),
      );
    }
    const near = this.of ? [] : (this.known.nearby ?? []);
    this.withUnits = new Set(this.draft?.withUnits ?? correction?.with_units ?? []);
    if (near.length) {
      const boxes = near.map((unit) => {
        const box = el("input", { type: "checkbox", value: unit.code, checked: this.withUnits.has(unit.code) });
        box.addEventListener("change", () => {
          if (box.checked) this.withUnits.add(unit.code);
          else this.withUnits.delete(unit.code);
          this.changed();
        });
        return el("label", { class: "with-unit" }, box, " ", unit.name);
      });
      parts.push(el("details", { class: "with-units", open: this.withUnits.size > 0 }, el("summary", {}, word("with_units")), ...boxes));
    }
    return parts.length ? el("section", { class: "form-extras" }, ...parts) : null;
  }

  submitBar() {
    this.button = el("button", { type: "button", class: "main submit", onclick: () => this.submit() },
      word(correction ? "submit_correction" : "submit"));
    // A field that is left changes its height: the button would move away under the finger.
    this.button.addEventListener("mousedown", (event) => event.preventDefault());
    return el("div", { class: "submit-bar" }, this.status, this.button);
  }

  changed() {
    if (this.over || !this.form?.initialized) return;
    clearTimeout(this.saving);
    this.saving = setTimeout(() => this.save(), SAVE_AFTER);
    this.dirty = true;
  }

  entry() {
    return {
      id: this.form.instanceID,
      user: who.user,
      place: this.place,
      form: this.sheet.key,
      title: this.of ? `${this.of.label || this.sheet.title} ${this.of.number}` : this.sheet.title,
      of: this.of,
      unit: this.want.unit,
      unitName: this.known.unit?.name ?? this.want.unit,
      version: this.sheet.version,
      corrects: correction?.uid ?? "",
      reason: this.reason?.value.trim() ?? "",
      withUnits: [...this.withUnits],
      files: this.photos.files,
    };
  }

  /** Enketo hears a text when its field is left; a draft holds what is being typed as well. */
  typed() {
    const control = document.activeElement;
    if (!control?.matches("input[type=text], input[type=number], textarea")) return;
    if (!this.form.view.html.contains(control) || !isGood(control)) return;
    const { input, model } = this.form;
    model.node(input.getName(control), input.getIndex(control)).setVal(control.value, input.getXmlType(control));
  }

  async save() {
    if (this.over || !this.dirty) return;
    this.typed();
    this.dirty = false;
    await draftSave({ ...this.entry(), xml: this.form.getDataStr() });
    this.status.textContent = word("draft_saved", { when: when(Date.now()) });
  }

  async submit() {
    if (this.over) return;
    if (stage.contains(document.activeElement)) document.activeElement.blur();
    this.button.disabled = true;
    const good = await this.form.validate();
    const { chooser } = this.form;
    if (good && chooser && !chooser.isComplete()) {
      this.button.disabled = false;
      this.status.textContent = word("look_again");
      return;
    }
    if (!good || (correction && !this.reason.value.trim())) {
      this.button.disabled = false;
      this.wrong();
      return;
    }
    if (!this.sureOfDate()) {
      this.button.disabled = false;
      return;
    }
    this.over = true;
    clearTimeout(this.saving);
    const used = new Set([...this.form.view.html.querySelectorAll(".photo-name")].map((one) => one.value));
    const entry = this.entry();
    entry.files = entry.files.filter((file) => !file.field || used.has(file.name));
    const xml = this.form.getDataStr({ irrelevant: false });
    await queueAdd({ ...entry, thing: chooser?.begun() ?? null, xml: this.of ? stamped(xml, this.of) : xml });
    navigator.storage?.persist?.();
    await done(entry);
  }

  /** Ask whether a date is meant that lies long before today or before the ledger began. */
  sureOfDate() {
    const name = this.sheet.dates[0];
    const date = name && answersOf(this.form.getDataStr(), Object.keys(this.sheet.repeats))[name];
    const ago = daysAgo(date);
    if (ago === null || date === correction?.date) return true;
    const begins = this.known.begins?.[this.sheet.key.split(".")[0]] ?? "";
    const early = date.slice(0, 7) < begins.slice(0, 7);
    if (Math.abs(ago) <= FAR && !early) return true;
    const [year, month, monthDay] = date.split("-").map(Number);
    const facts = { year, month, day: monthDay, days: Math.abs(ago) };
    return window.confirm(word(early ? "date_early" : ago < 0 ? "date_ahead" : "date_far", facts));
  }

  /** Say that this phone's clock is wrong by some days: dates that it fills in are wrong as well. */
  clockWrong(days) {
    if (!days) return;
    const text = word(days > 0 ? "clock_ahead" : "clock_behind", { days: Math.abs(days) });
    stage.prepend(el("p", { class: "note clock", role: "alert" }, text));
  }

  /** Mark the reason as missing, or take the mark away; without `missing` it is only taken away. */
  askReason(missing = false) {
    this.reason.closest(".field").classList.toggle("wrong", missing);
    this.reasonMissing.hidden = !missing;
  }

  wrong() {
    if (this.reason) this.askReason(!this.reason.value.trim());
    const marked = [...stage.querySelectorAll(".invalid-required, .invalid-constraint, .invalid-value, .invalid-relevant")];
    const first = marked.find((question) => question.chooser || !question.hidden) ?? (this.reason?.value.trim() ? null : this.reason);
    this.status.textContent = word("look_again");
    if (first?.hidden) {
      first.chooser.focus();
      return;
    }
    first?.scrollIntoView({ block: "center" });
    (first?.matches("textarea") ? first : first?.querySelector("input:not([type=hidden]), textarea, select"))?.focus({ preventScroll: true });
  }

  warn(text, details) {
    stage.prepend(el("section", { class: "issues", role: "alert" }, el("h2", {}, text), el("p", {}, details.join(" · "))));
  }
}

/** Say that the record is safe, then what the ledger says of it. */
async function done(entry) {
  const state = el("p", { class: "done-state", role: "status" }, word("sending"));
  const again = `/record/form/${entry.form}/?unit=${encodeURIComponent(entry.unit)}`;
  const links = el(
    "p", { class: "actions" },
    correctionLink(entry) ?? caseLink(entry) ?? el("a", { class: "button", href: again }, word("again")),
    el("a", { class: "button", href: "/record/" }, word("other_form")),
    el("a", { class: "button quiet", href: "/record/queue/" }, word("queue")),
  );
  const panel = el("section", { class: "done sheet", tabindex: "-1", "data-uid": entry.id }, el("h1", {}, word("kept", { title: entry.title })), state, links);
  stage.replaceChildren(panel);
  window.scrollTo(0, 0);
  panel.focus();
  sendLater(); // not waited for: the worker may never come
  const outcome = await sendAll();
  const now = await db.queue.get(entry.id);
  panel.dataset.state = now?.state ?? "";
  if (now?.state === "sent") {
    state.textContent = word("arrived");
    state.append(" ", el("a", { href: `/records/${entry.id}/` }, word("see_record")));
    state.after(...counted(entry.id, now.answer ?? {}));
    // What this record began (a board, a case) is known to the next form.
    fetch(`/record/known.json?unit=${encodeURIComponent(entry.unit)}`, { headers: JSON_ONLY }).catch(() => null);
  } else if (now?.state === "refused") {
    panel.querySelector("h1").textContent = word("needs_mending", { title: entry.title });
    state.textContent = word("was_refused");
    state.append(" ", el("a", { href: "/record/queue/" }, word("queue")));
  } else {
    state.textContent = word(outcome.why === "sign-in" ? "waits_sign_in" : "waits_network");
    if (outcome.why === "sign-in") state.append(" ", el("a", { href: "/login?next=/record/queue/" }, word("sign_in")));
  }
}

/** What the record counted for, what it lacks, and what else the ledger has to say. */
function counted(id, answer) {
  const lines = (answer.notes ?? []).map((text) => el("p", { class: "done-note" }, text));
  if (answer.day) lines.push(el("p", { class: "done-day" }, word("counts_for", { day: answer.day })));
  if (answer.counted?.length) lines.push(el("p", { class: "done-counted" }, word("counted", { what: answer.counted.join("；") })));
  else if (answer.counted && !answer.blank?.length && !answer.notes?.length) lines.push(el("p", {}, word("counted_nothing")));
  if (answer.blank?.length) lines.push(leftBlank(id, answer));
  for (const one of answer.warnings ?? []) lines.push(el("p", { class: "hint" }, `${one.sentence} ${one.remedy}`));
  return lines;
}

const correctionLink = (entry) =>
  entry.corrects ? el("a", { class: "button", href: `/records/${entry.id}/` }, word("see_record")) : null;

const caseLink = (entry) =>
  entry.of ? el("a", { class: "button", href: `/cases/${entry.of.case}/` }, word("see_case")) : null;

/** Where a draft belongs: a form of a unit or of one thing of it, the record that is corrected, or a step of a case. */
function placeOf(want, sheet) {
  if (correction) return `correct ${correction.uid}`;
  if (want.thing) return `${sheet.key} ${want.unit} ${want.thing}`;
  return want.of ? `${sheet.key} ${want.unit} ${want.of.case} ${want.of.step}` : `${sheet.key} ${want.unit}`;
}

async function start() {
  const want = asked();
  if (want.draft) {
    want.found = await db.drafts.get(want.draft);
    if (want.found) Object.assign(want, { key: want.found.form, unit: want.found.unit, of: want.found.of });
  }
  const [sheet, known] = await Promise.all([
    fetched(`/record/forms/${encodeURIComponent(want.key)}.json${correction ? `?version=${encodeURIComponent(correction.version)}` : ""}`),
    fetched(`/record/known.json?unit=${encodeURIComponent(want.unit)}`).catch(() => ({})),
  ]);
  for (const { dataset, ...thing } of await thingsBegun(who.user, want.unit)) {
    const list = ((known.entities ??= {})[dataset] ??= []);
    if (!list.some(({ key }) => key === thing.key)) list.push(thing);
  }
  const place = placeOf(want, sheet);
  const draft = want.found ?? (await draftAt(who.user, place));
  const page = new Page(want, sheet, known, draft?.user === who.user ? draft : null);
  page.show();
  document.documentElement.dataset.ready = "form";
  performance.mark("form-ready");
  page.clockWrong(await clockAsk());
}

start().catch((error) => {
  console.error(error);
  const text = error.message === "404" ? word("no_form") : word("cannot_show");
  stage.replaceChildren(
    el("section", { class: "empty" }, el("h2", {}, text), el("p", {}, el("a", { class: "button", href: "/record/" }, word("other_form")))),
  );
});
workerStart();
