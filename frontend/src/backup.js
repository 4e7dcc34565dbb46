// The queue and the drafts of one person as a JSON file: a browser's storage can be cleared by hand.

import { SENT, db, draftsOf, queueOf } from "./store.js";

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

export async function backupWrite(user) {
  const queue = (await queueOf(user)).filter((entry) => entry.state !== SENT);
  const content = {
    format: FORMAT, version: VERSION, user, written: new Date().toISOString(),
    queue: queue.map(packed), drafts: (await draftsOf(user)).map(packed),
  };
  return new Blob([JSON.stringify(content)], { type: "application/json" });
}

/** Take a backup in; what is here already stays as it is. Throws "user" for somebody else's. */
export async function backupRead(written, user) {
  const content = JSON.parse(written);
  if (content.format !== FORMAT || content.version !== VERSION) throw new Error("format");
  if (content.user !== user) throw new Error("user");
  const rows = [
    ...content.queue.map((row) => [db.queue, unpacked(row)]),
    ...content.drafts.map((row) => [db.drafts, unpacked(row)]),
  ];
  if (rows.some(([, row]) => typeof row.id !== "string" || typeof row.xml !== "string" || row.user !== user)) {
    throw new Error("format");
  }
  const done = { added: 0, known: 0 };
  await db.transaction("rw", db.queue, db.drafts, async () => {
    for (const [table, row] of rows) {
      if ((await db.queue.get(row.id)) || (await db.drafts.get(row.id))) {
        done.known += 1;
      } else {
        await table.put(row);
        done.added += 1;
      }
    }
  });
  return done;
}
