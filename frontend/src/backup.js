// The queue and the drafts of one person as a JSON file: a browser's storage can be cleared by hand.

import { SENT, WAITING, db, draftsOf, queueOf } from "./store.js";

const FORMAT = "taizhang-queue";
const VERSION = 1;

const text = (data) => {
  let binary = "";
  for (const byte of new Uint8Array(data)) binary += String.fromCharCode(byte);
  return btoa(binary);
};
const bytes = (written) => Uint8Array.from(atob(written), (sign) => sign.charCodeAt(0)).buffer;
const packed = (row) => ({ ...row, files: (row.files ?? []).map((file) => ({ ...file, data: text(file.data) })) });
const unpacked = (row) => ({ ...row, files: (row.files ?? []).map((file) => ({ ...file, data: bytes(file.data) })) });

export async function backupWrite(user, name) {
  const queue = (await queueOf(user)).filter((entry) => entry.state !== SENT);
  const content = {
    format: FORMAT, version: VERSION, user, name, written: new Date().toISOString(),
    queue: queue.map(packed), drafts: (await draftsOf(user)).map(packed),
  };
  return new Blob([JSON.stringify(content)], { type: "application/json" });
}

/**
 * Take a backup in; what is here already stays as it is.
 *
 * Somebody else's, who moved or left, is handed over: `handOver(content, rows)` gives the units whose
 * rows this person takes, or null.  Throws "user" where none is taken.
 */
export async function backupRead(written, user, handOver) {
  const content = JSON.parse(written);
  if (content.format !== FORMAT || content.version !== VERSION) throw new Error("format");
  const rows = [
    ...content.queue.map((row) => [db.queue, unpacked(row)]),
    ...content.drafts.map((row) => [db.drafts, unpacked(row)]),
  ];
  if (rows.some(([, row]) => typeof row.id !== "string" || typeof row.xml !== "string" || row.user !== content.user)) {
    throw new Error("format");
  }
  const done = { added: 0, known: 0, left: 0 };
  const own = content.user === user;
  const units = own ? null : await handOver(content, rows.map(([, row]) => row));
  if (!own && !units?.size) throw new Error("user");
  await db.transaction("rw", db.queue, db.drafts, async () => {
    for (const [table, row] of rows) {
      if (!own && !units.has(row.unit)) {
        done.left += 1;
      } else if ((await db.queue.get(row.id)) || (await db.drafts.get(row.id))) {
        done.known += 1;
      } else {
        await table.put(own ? row : { ...row, user, state: row.state && WAITING, issues: [] });
        done.added += 1;
      }
    }
  });
  return done;
}
