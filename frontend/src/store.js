// What the phone keeps until the ledger has it: drafts and the queue, in IndexedDB.
//
// Every row belongs to the person who was signed in when it was written.  A photo is kept as
// {name, type, data: ArrayBuffer}: some browsers lose Blobs in IndexedDB.

import Dexie from "dexie";

export const db = new Dexie("taizhang");
db.version(1).stores({
  drafts: "id, user, [user+place]", // place: form + unit, or the record that is corrected
  queue: "id, user, state, [user+state]",
});

/** waiting → sending → sent, or refused by the ledger with issues. */
export const WAITING = "waiting";
export const SENT = "sent";
export const REFUSED = "refused";
/** How long a record that arrived stays in the list. */
const KEEP_SENT = 14 * 24 * 3600 * 1000;

export async function draftSave(draft) {
  await db.drafts.put({ ...draft, savedAt: Date.now() });
}

export async function draftAt(user, place) {
  const found = await db.drafts.where({ user, place }).toArray();
  return found.sort((one, other) => other.savedAt - one.savedAt)[0];
}

export async function draftsOf(user) {
  const found = await db.drafts.where({ user }).toArray();
  return found.sort((one, other) => other.savedAt - one.savedAt);
}

export const draftDrop = (id) => db.drafts.delete(id);

/** A draft becomes an entry of the queue in one step: never both, never neither. */
export async function queueAdd(entry) {
  await db.transaction("rw", db.drafts, db.queue, async () => {
    await db.queue.put({ ...entry, state: WAITING, tries: 0, issues: [], addedAt: Date.now() });
    await db.drafts.delete(entry.id);
  });
}

export async function queueOf(user) {
  const found = await db.queue.where({ user }).toArray();
  return found.sort((one, other) => other.addedAt - one.addedAt);
}

/** Things that records made here began, and of which the ledger may not have told yet. */
export async function thingsBegun(user, unit) {
  const rows = (await queueOf(user)).filter((entry) => entry.thing && entry.unit === unit);
  return rows.map(({ thing, state }) => ({ ...thing, pending: state !== SENT }));
}

export const waitingOf = (user) => db.queue.where({ user, state: WAITING }).toArray();

export const refusedOf = (user) => db.queue.where({ user, state: REFUSED }).toArray();

/** How many records wait here for somebody else: no more than the number is told. */
export async function waitingForOthers(user) {
  const all = await db.queue.where("state").equals(WAITING).toArray();
  return all.filter((entry) => entry.user !== user).length;
}

/** The ledger has it: what was written is no longer needed here. */
export const entrySent = (id, answer) =>
  db.queue.update(id, { state: SENT, sentAt: Date.now(), xml: "", files: [], issues: [], answer });

export const entryRefused = (id, issues) => db.queue.update(id, { state: REFUSED, issues });

export const entryTried = (id, tries, why) =>
  db.queue.update(id, { tries, why, triedAt: Date.now() });

/** A refused record is opened again: it goes back to the drafts, under the id it had. */
export async function entryReopen(entry) {
  await db.transaction("rw", db.drafts, db.queue, async () => {
    const { state, tries, addedAt, ...draft } = entry;
    await db.drafts.put({ ...draft, savedAt: Date.now() });
    await db.queue.delete(entry.id);
  });
}

export const entryDrop = (id) => db.queue.delete(id);

export async function sentTidy() {
  const old = Date.now() - KEEP_SENT;
  await db.queue.where({ state: SENT }).filter((entry) => entry.sentAt < old).delete();
}
