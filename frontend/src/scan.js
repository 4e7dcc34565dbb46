// A sticker is read with the camera, where the browser can; elsewhere the button is not shown.

import { el, word } from "./dom.js";

const EVERY = 200;

/** Say whether this browser reads QR codes with a camera. */
export async function canScan() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return false;
  const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
  return formats.includes("qr_code");
}

/** Show the camera's picture until a code is read; gives its text, or null where it was closed. */
export async function scan() {
  const camera = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  const video = el("video", { playsinline: true, muted: true });
  video.srcObject = camera;
  const close = el("button", { type: "button", onclick: () => dialog.close() }, word("scan_close"));
  const dialog = el("dialog", { class: "scan", "aria-label": word("thing_scan") }, el("p", {}, word("scan_hint")), video, close);
  document.body.append(dialog);
  dialog.showModal();
  let text = null;
  try {
    await video.play();
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    while (dialog.open && text === null) {
      const [code] = await detector.detect(video).catch(() => []);
      text = code?.rawValue ?? null;
      if (text === null) await new Promise((later) => setTimeout(later, EVERY));
    }
  } finally {
    for (const track of camera.getTracks()) track.stop();
    dialog.remove();
  }
  return text;
}
