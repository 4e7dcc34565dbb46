// The queue: what waits, what was sent, what the ledger refused and why; a backup as a file.

import { backupRead, backupWrite } from "./backup.js";
import { el, island, leftBlank, when, word } from "./dom.js";
import { sendAll } from "./send.js";
import {
  REFUSED, SENT, WAITING, draftDrop, draftsOf, entryDrop, entryReopen, queueOf, waitingForOthers, waitingOf,
} from "./store.js";
import { workerStart } from "./worker.js";

const who = island("session");
const list = document.getElementById("queue");
const said = document.getElementById("queue-said");

let corrected = new Set(); // ids of the records that an entry of the list corrects
const TAGS = { [WAITING]: "wait", [SENT]: "", [REFUSED]: "bad" };

async function show() {
  const [entries, drafts, others] = await Promise.all([
    queueOf(who.user), draftsOf(who.user), waitingForOthers(who.user),
  ]);
  corrected = new Set(entries.map((entry) => entry.corrects));
  const order = [REFUSED, WAITING, SENT];
  entries.sort((one, other) => order.indexOf(one.state) - order.indexOf(other.state));
  list.replaceChildren(...drafts.map(draftItem), ...entries.map(entryItem));
  if (others) list.append(el("li", { class: "others" }, word("n_others", { n: others })));
  document.getElementById("queue-empty").hidden = list.children.length > 0;
  document.getElementById("send-now").hidden = !entries.some((one) => one.state === WAITING);
  list.dataset.shown = String(entries.length);
}

function item(entry, tag, label, when_, ...more) {
  return el(
    "li", { "data-state": entry.state ?? "draft", "data-id": entry.id },
    el("div", { class: "queue-what" }, el("strong", {}, entry.title), " ", el("small", {}, `${entry.unitName} · ${when_}`)),
    el("span", { class: `tag ${tag}` }, label),
    ...more,
  );
}

function draftItem(draft) {
  const address = draft.corrects
    ? `/record/correct/${draft.corrects}/`
    : `/record/form/${draft.form}/?unit=${encodeURIComponent(draft.unit)}&draft=${encodeURIComponent(draft.id)}`;
  return item(
    draft, "off", word("state_draft"), when(draft.savedAt), faults(draft.issues),
    el("p", { class: "actions" },
      el("a", { class: "button", href: address }, word("go_on")),
      dropButton(() => draftDrop(draft.id))),
  );
}

function faults(issues) {
  if (!issues?.length) return null;
  return el("ul", { class: "queue-issues" },
    ...issues.map((issue) => el("li", {}, el("strong", {}, issue.sentence), " ", issue.remedy, " ", el("small", { class: "code" }, issue.code))));
}

function entryItem(entry) {
  const more = [];
  if (entry.state === REFUSED) {
    more.push(faults(entry.issues), el("p", { class: "actions" },
      el("button", { type: "button", class: "main", onclick: () => mend(entry) }, word("mend")),
      dropButton(() => entryDrop(entry.id))));
  } else if (entry.state === SENT) {
    if (entry.answer?.day) more.push(el("small", { class: "queue-day" }, word("counts_for", { day: entry.answer.day })));
    const open = entry.answer?.blank?.length && !corrected.has(entry.id);
    if (open) more.push(leftBlank(entry.id, entry.answer));
    more.push(el("p", { class: "actions" }, el("a", { href: `/records/${entry.id}/` }, word("see_record"))));
  } else if (entry.tries) {
    more.push(el("small", {}, word("tried", { n: entry.tries })));
  }
  return item(entry, TAGS[entry.state], word(`state_${entry.state}`), when(entry.sentAt ?? entry.addedAt), ...more);
}

function dropButton(drop) {
  return el("button", {
    type: "button", class: "quiet danger",
    onclick: async () => {
      if (!window.confirm(word("drop_sure"))) return;
      await drop();
      await show();
    },
  }, word("drop"));
}

async function mend(entry) {
  await entryReopen(entry);
  location.href = entry.corrects
    ? `/record/correct/${entry.corrects}/`
    : `/record/form/${entry.form}/?unit=${encodeURIComponent(entry.unit)}&draft=${encodeURIComponent(entry.id)}`;
}

async function sendNow() {
  // Where nothing waits nothing is said: what stands there is the answer to another button.
  if ((await waitingOf(who.user)).length === 0) return;
  said.textContent = word("sending");
  const done = await sendAll(show);
  await show();
  said.textContent = done.why
    ? word(done.why === "sign-in" ? "waits_sign_in" : "waits_network")
    : word("n_sent", { n: done.sent, refused: done.refused });
  if (done.why === "sign-in") said.append(" ", el("a", { href: "/login?next=/record/queue/" }, word("sign_in")));
}

/**
 * Say for which units of somebody else's backup this person records, having been asked: what waits
 * there is then sent by them, and stands under their name.  Null where they would rather not.
 */
async function handOver(content, rows) {
  const units = new Set();
  for (const unit of new Set(rows.map((row) => row.unit))) {
    const answer = await fetch(`/record/known.json?unit=${encodeURIComponent(unit)}`, { headers: { Accept: "application/json" } });
    if (answer.ok) units.add(unit);
  }
  const taken = rows.filter((row) => units.has(row.unit)).length;
  if (!taken) return units;
  const facts = { name: content.name || "—", n: taken };
  return window.confirm(word("backup_hand_over", facts)) ? units : null;
}

document.getElementById("send-now").addEventListener("click", sendNow);
document.getElementById("backup-out").addEventListener("click", async () => {
  const address = URL.createObjectURL(await backupWrite(who.user, who.name));
  el("a", { href: address, download: `taizhang-${new Date().toISOString().slice(0, 10)}.json` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
});
document.getElementById("backup-in").addEventListener("change", async (event) => {
  const [file] = event.target.files;
  event.target.value = "";
  if (!file) return;
  try {
    const { added, known, left } = await backupRead(await file.text(), who.user, handOver);
    said.textContent = word(left ? "backup_left" : "backup_taken", { added, known, left });
  } catch (error) {
    said.textContent = word(error.message === "user" ? "backup_other" : "backup_wrong");
  }
  await show();
});
show();
workerStart(show).then(sendNow).catch(console.error);
