// The phone's clock beside the ledger's, and dates far from today: a slip, mostly.

import { session } from "./send.js";

const LAST = "taizhang-last-seen";
const DAY = 24 * 3600 * 1000;
/** A date of more days ago than these is asked about; the ledger says it again when it takes it. */
export const FAR = 60;

let offset = 0; // what the ledger's clock is ahead of this one, in milliseconds

/** Now, by the ledger's clock where it was asked, else by this phone's. */
export const nowHere = () => Date.now() + offset;

/**
 * Ask the ledger what time it is. Gives by how many whole days this phone's clock is wrong (ahead: > 0),
 * 0 where it is right or nothing is known. Without a network a clock that stands before the ledger's
 * last answer is behind for certain.
 */
export async function clockAsk() {
  try {
    const who = await session();
    if (!who?.now) return 0;
    const told = Date.parse(who.now);
    offset = told - Date.now();
    localStorage.setItem(LAST, String(told));
  } catch {
    offset = Math.max(0, Number(localStorage.getItem(LAST) ?? 0) - Date.now());
  }
  if (Math.abs(offset) < DAY / 2) offset = 0;
  return Math.round(-offset / DAY);
}

/** Give the whole days from a date (2026-05-06) to today; null where it is no date. */
export function daysAgo(date) {
  const parts = /^(\d{4})-(\d{2})-(\d{2})/.exec(date ?? "");
  if (!parts) return null;
  const today = new Date(nowHere());
  const days = (year, month, day) => Math.round(Date.UTC(year, month, day) / DAY);
  return days(today.getFullYear(), today.getMonth(), today.getDate()) - days(+parts[1], +parts[2] - 1, +parts[3]);
}
