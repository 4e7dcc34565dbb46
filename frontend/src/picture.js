// A photo is drawn anew before it is kept: at most 1600 pixels a side, JPEG, upright, and nothing of
// what the camera wrote beside the pixels (place, time, device).  The ledger does the same again.

const MOST_SIDE = 1600;
const QUALITY = 0.82;

/** Give {name, type, data} of a picture file; throws where the browser cannot read it. */
export async function reduced(file, name) {
  const drawn = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, MOST_SIDE / Math.max(drawn.width, drawn.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(drawn.width * scale));
  canvas.height = Math.max(1, Math.round(drawn.height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff"; // a PNG may be transparent, a JPEG cannot
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(drawn, 0, 0, canvas.width, canvas.height);
  drawn.close();
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  if (blob === null) throw new Error("canvas");
  return { name, type: "image/jpeg", data: await blob.arrayBuffer() };
}
