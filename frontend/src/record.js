// The list of forms: shows what waits, keeps everything at hand for a day without a network.

import { el, island, word } from "./dom.js";
import { sendAll } from "./send.js";
import { draftsOf, refusedOf, waitingForOthers, waitingOf } from "./store.js";
import { workerStart } from "./worker.js";

const who = island("session");
const forms = island("forms") ?? [];

async function waiting() {
  const box = document.getElementById("waiting");
  if (!box) return;
  const [own, refused, drafts, others] = await Promise.all([
    waitingOf(who.user), refusedOf(who.user), draftsOf(who.user), waitingForOthers(who.user),
  ]);
  const said = [];
  if (refused.length) said.push(word("n_refused", { n: refused.length }));
  if (own.length) said.push(word("n_waiting", { n: own.length }));
  if (drafts.length) said.push(word("n_drafts", { n: drafts.length }));
  if (others) said.push(word("n_others", { n: others }));
  box.replaceChildren();
  if (said.length) box.append(el("a", { href: "/record/queue/", class: "waiting" }, said.join(" · ")));
}

/** Put every form, the shell and what is known of the unit into the caches, a few at a time. */
async function keepAtHand() {
  if (!("caches" in window) || !navigator.serviceWorker || navigator.connection?.saveData) return;
  await controlled();
  const pages = [
    location.pathname + location.search, // the first visit passed the worker by
    `/record/form/${forms[0]?.key ?? "-"}/`,
    "/record/queue/",
    `/record/known.json?unit=${encodeURIComponent(island("unit") ?? "")}`,
  ];
  for (const address of pages) await take(address);
  const had = JSON.parse(localStorage.getItem("taizhang-forms") ?? "{}");
  for (const { address, stamp } of forms) {
    if (had[address] === stamp && (await caches.match(address))) continue;
    if (await take(address)) had[address] = stamp;
  }
  localStorage.setItem("taizhang-forms", JSON.stringify(had));
  document.documentElement.dataset.ready = "kept";
}

/** Wait until the worker answers for this page: on the first visit it comes after the page. */
async function controlled() {
  await navigator.serviceWorker.ready;
  if (navigator.serviceWorker.controller) return;
  await new Promise((done) => {
    navigator.serviceWorker.addEventListener("controllerchange", done, { once: true });
    setTimeout(done, 10_000);
  });
}

/** The worker answers from its cache, or fetches and keeps. */
async function take(address) {
  try {
    const answer = await fetch(address);
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false; // the line went down meanwhile; the next visit goes on
  }
}

/** A word typed above the list keeps only the forms whose names have it. */
function filter() {
  const field = document.getElementById("find-form");
  field?.addEventListener("input", () => {
    const text = field.value.trim().toLowerCase();
    for (const item of document.querySelectorAll("[data-form]")) {
      item.hidden = text !== "" && !item.dataset.form.toLowerCase().includes(text);
    }
    for (const group of document.querySelectorAll("[data-group]")) {
      group.hidden = !group.querySelector("[data-form]:not([hidden])");
    }
  });
}

filter();
waiting();
workerStart(waiting)
  .then(() => sendAll(waiting))
  .then(waiting)
  .then(keepAtHand)
  .catch(console.error);
