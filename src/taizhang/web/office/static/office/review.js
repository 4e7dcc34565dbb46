// The review of an old text: keys to go through the findings, and jumps between finding and place.

const list = document.querySelector(".findings");
let now = null;

/** Make a finding the one at hand, mark its place in the text and bring both into view. */
function go(finding, focus = true) {
  if (!finding) return;
  for (const old of document.querySelectorAll(".finding.now, .hit.now")) old.classList.remove("now");
  now = finding.id;
  finding.classList.add("now");
  if (focus) finding.focus({ preventScroll: true });
  finding.scrollIntoView({ block: "nearest" });
  const id = finding.id.slice(2);
  const place = document.getElementById(`t-${id}`) ?? document.getElementById(`line-${finding.dataset.line}`);
  if (!place) return;
  if (place.classList.contains("hit")) place.classList.add("now");
  // Only the box of the text scrolls; the page stays where the finding is.
  const box = place.closest(".text");
  const step = place.getBoundingClientRect().top - box.getBoundingClientRect().top;
  box.scrollTop += step - box.clientHeight / 3;
}

const at = () => (now ? document.getElementById(now) : null);
const findings = () => [...list.querySelectorAll(".finding")];

document.addEventListener("keydown", (event) => {
  const field = event.target instanceof Element && event.target.closest("input, select, textarea");
  if (!list || field || event.ctrlKey || event.metaKey || event.altKey) return;
  const all = findings();
  const index = all.indexOf(at());
  if (event.key === "j") go(all[Math.min(index + 1, all.length - 1)]);
  else if (event.key === "k") go(all[Math.max(index - 1, 0)]);
  else if ("aru".includes(event.key) && index >= 0) {
    all[index].querySelector(`button[data-key="${event.key}"]`)?.click();
  } else return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element) || !list) return;
  const hit = event.target.closest("a.hit");
  const jump = event.target.closest("a[data-jump]");
  if (hit) {
    event.preventDefault();
    go(document.getElementById(hit.hash.slice(1)));
  } else if (jump) {
    event.preventDefault();
    go(jump.closest(".finding"));
    document.getElementById(`t-${jump.dataset.jump}`)?.scrollIntoView({ block: "nearest" });
  }
});

/** After a decision the row is new: keep it at hand, colour its place, go to the next one. */
document.addEventListener("htmx:afterSettle", () => {
  for (const finding of findings()) {
    const place = document.getElementById(`t-${finding.id.slice(2)}`);
    if (!place) continue;
    const state = ["accept", "correct", "reject"].find((one) => finding.classList.contains(one));
    place.classList.remove("accept", "correct", "reject");
    if (state) place.classList.add(state);
  }
  const finding = at();
  if (!finding) return;
  const decided = ["accept", "correct", "reject"].some((one) => finding.classList.contains(one));
  const all = findings();
  const next = all[all.indexOf(finding) + 1];
  go(decided && next && !finding.querySelector(".issues") ? next : finding);
});

if (location.hash.startsWith("#f-")) go(document.getElementById(location.hash.slice(1)), false);
