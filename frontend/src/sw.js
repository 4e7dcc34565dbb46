// The service worker: the recording pages without a network, and the queue sent in the background.
//
// The server writes `self.TAIZHANG = {version, shell}` before this text.  Kept are: what every page
// needs (shell, by version), forms (they hold no record), and the recording pages of whoever is
// signed in.  Pages of figures and records are never kept.  Log-out clears what names a person.

import { sendAll } from "./send.js";

const { version, shell } = self.TAIZHANG;
const SHELL = `shell-${version}`;
const FORMS = `forms-${version}`;
const PAGES = "pages";
const OFFLINE = "/record/offline/";
const PATIENCE = 4000;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(SHELL)
      // A file that is missing today must not keep the others from being there tomorrow.
      .then((cache) =>
        Promise.allSettled([...shell, OFFLINE].map((one) => cache.add(new Request(one, { cache: "reload" })))),
      )
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (![SHELL, FORMS].includes(name)) await caches.delete(name);
      }
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const at = new URL(request.url);
  if (at.origin !== location.origin) return;
  if (at.pathname === "/logout" || at.pathname === "/login") {
    event.waitUntil(caches.delete(PAGES));
    return;
  }
  if (request.method !== "GET") return;
  if (at.pathname.startsWith("/static/")) event.respondWith(fromShell(request));
  else if (/^\/record\/forms\/[^/]+\.json$/.test(at.pathname)) event.respondWith(keptFirst(event, FORMS, request.url));
  else if (at.pathname === "/record/known.json") event.respondWith(keptFirst(event, PAGES, request.url));
  else if (/^\/record\/form\/[^/]+\/$/.test(at.pathname)) event.respondWith(keptFirst(event, PAGES, "/record/form/"));
  else if (at.pathname === "/record/queue/") event.respondWith(keptFirst(event, PAGES, "/record/queue/"));
  else if (at.pathname === "/record/") event.respondWith(freshFirst(event, PAGES, `/record/${at.search}`));
  else if (request.mode === "navigate") event.respondWith(orOffline(request));
});

async function fromShell(request) {
  const kept = await caches.match(request, { cacheName: SHELL });
  return kept ?? fetch(request);
}

/** Only an answer that is what was asked for is kept: no redirect to the log-in, no error. */
async function keep(cacheName, key, answer) {
  if (answer.ok && !answer.redirected && answer.type === "basic") {
    const cache = await caches.open(cacheName);
    await cache.put(key, answer.clone());
  }
  return answer;
}

const asGet = (request) =>
  new Request(request.url, { headers: request.headers, credentials: "same-origin", cache: "no-cache" });

/** A page may not be answered by what came from elsewhere: it is sent there itself (log-in). */
function shown(answer, request) {
  return answer.redirected && request.mode === "navigate" ? Response.redirect(answer.url, 302) : answer;
}

/** What is kept, at once; it is fetched anew behind it. */
async function keptFirst(event, cacheName, key) {
  const kept = await caches.match(key, { cacheName });
  const fresh = fetch(asGet(event.request)).then((answer) => keep(cacheName, key, answer));
  if (!kept) return fresh.then((answer) => shown(answer, event.request)).catch(() => offline(event.request));
  event.waitUntil(fresh.catch(() => null));
  return kept;
}

/** What is new, if it comes soon; else what is kept. */
async function freshFirst(event, cacheName, key) {
  const fresh = fetch(asGet(event.request)).then((answer) => keep(cacheName, key, answer));
  event.waitUntil(fresh.catch(() => null));
  const late = new Promise((done) => setTimeout(done, PATIENCE));
  const first = await Promise.race([fresh.catch(() => null), late]);
  if (first) return shown(first, event.request);
  const kept = (await caches.match(key, { cacheName })) ?? (await caches.match("/record/", { cacheName }));
  return kept ?? fresh.then((answer) => shown(answer, event.request)).catch(() => offline(event.request));
}

async function orOffline(request) {
  try {
    return await fetch(request);
  } catch {
    return offline(request);
  }
}

async function offline(request) {
  if (request.mode !== "navigate") return Response.error();
  return (await caches.match(OFFLINE, { cacheName: SHELL })) ?? Response.error();
}

self.addEventListener("sync", (event) => {
  if (event.tag !== "taizhang-send") return;
  event.waitUntil(
    (async () => {
      const done = await sendAll();
      for (const client of await self.clients.matchAll()) client.postMessage("queue");
      // The browser tries again later when this fails.
      if (done.why === "offline") throw new Error(done.why);
    })(),
  );
});
