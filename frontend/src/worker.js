// Registers the service worker from a page and lets the page hear what it did.

import { sendAll } from "./send.js";

/** Start the worker; `told` is called whenever the queue may have changed. */
export async function workerStart(told = () => {}) {
  const sendNow = async () => {
    await sendAll(told);
    await told();
  };
  window.addEventListener("online", sendNow);
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.addEventListener("message", (event) => {
    if (event.data === "queue") told();
  });
  await navigator.serviceWorker.register("/sw.js", { scope: "/", updateViaCache: "none" });
}
