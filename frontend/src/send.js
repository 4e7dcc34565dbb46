// Sends the queue of the person who is signed in.  Used by pages and by the service worker alike.
//
// One sender at a time (a lock that pages and worker share); the id of a record is made when its
// form is opened, so that sending it again after a lost answer changes nothing in the ledger.

import { entryRefused, entrySent, entryTried, sentTidy, waitingOf } from "./store.js";

const SESSION = "/record/session.json";
const SEND = "/record/send";
const PATIENCE = 60_000;
const JSON_ONLY = { Accept: "application/json" };

/** Give up in a minute: a line that hangs must not hold the queue. */
function patience() {
  const control = new AbortController();
  setTimeout(() => control.abort(), PATIENCE);
  return control.signal;
}

/** Ask who is signed in: {user, name, token, …}; null where nobody is. Throws without a network. */
export async function session() {
  const answer = await fetch(SESSION, {
    headers: JSON_ONLY,
    cache: "no-store",
    signal: patience(),
  });
  if (answer.status === 401) return null;
  if (!answer.ok) throw new Error(`session ${answer.status}`);
  return answer.json();
}

/**
 * Send what waits. Gives {sent, refused, left, why}; why is "", "offline" or "sign-in".
 * `told` is called after each entry.
 */
export async function sendAll(told = () => {}) {
  const work = () => sendQueue(told);
  // Old browsers have no locks; the ledger itself takes a record only once.
  return navigator.locks ? navigator.locks.request("taizhang-send", work) : work();
}

async function sendQueue(told) {
  const done = { sent: 0, refused: 0, left: 0, why: "" };
  let who;
  try {
    who = await session();
  } catch {
    return { ...done, why: "offline" };
  }
  if (who === null) return { ...done, why: "sign-in" };
  const entries = (await waitingOf(who.user)).sort((one, other) => one.addedAt - other.addedAt);
  for (const entry of entries) {
    const why = await sendOne(entry, who, done);
    await told(entry.id);
    if (why) return { ...done, why, left: entries.length - done.sent - done.refused };
  }
  await sentTidy();
  return done;
}

/** Send one entry; gives why nothing more can be sent now, or "". */
async function sendOne(entry, who, done) {
  let answer, body;
  try {
    answer = await fetch(SEND, {
      method: "POST",
      headers: { ...JSON_ONLY, "X-CSRFToken": who.token },
      body: parcel(entry),
      signal: patience(),
    });
    body = await answer.json().catch(() => ({})); // a proxy on the way may answer in HTML
  } catch (error) {
    await entryTried(entry.id, entry.tries + 1, error.name);
    return "offline";
  }
  if (answer.status === 401 || answer.status === 403) {
    await entryTried(entry.id, entry.tries + 1, "sign-in");
    return "sign-in";
  }
  if (answer.ok) {
    await entrySent(entry.id, body);
    done.sent += 1;
    return "";
  }
  if (answer.status >= 400 && answer.status < 500 && body.issues) {
    await entryRefused(entry.id, body.issues);
    done.refused += 1;
    return "";
  }
  await entryTried(entry.id, entry.tries + 1, `HTTP ${answer.status}`);
  return "offline";
}

function parcel(entry) {
  const form = new FormData();
  form.set("xml_submission_file", new Blob([entry.xml], { type: "text/xml" }), "record.xml");
  form.set("unit", entry.unit);
  form.set("with", (entry.withUnits ?? []).join(" "));
  form.set("reason", entry.reason ?? "");
  for (const file of entry.files ?? []) {
    form.append(file.field ? "file" : "evidence", new Blob([file.data], { type: file.type }), file.name);
  }
  return form;
}

/** Ask the browser to send in the background as soon as there is a network. */
export async function sendLater() {
  const registration = await navigator.serviceWorker?.ready;
  try {
    await registration?.sync?.register("taizhang-send");
  } catch {
    // Not allowed or not known here: pages send when they open and when the network is back.
  }
}
