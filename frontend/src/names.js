// Names as people mean them: one board is not two because 1号 was written １号 or 一号.

const NUMERALS = "〇一二三四五六七八九";
const SIGNS = { 零: "〇", 两: "二" };
// Names that differ in one of these are of different things, however alike they look.
const APART = [/^\d$/, /^[东西南北中]$/, /^[左右]$/, /^[前后]$/, /^[上下]$/, /^[内外]$/, /^[新旧老]$/, /^[大小]$/, /^[a-z]$/];

/** 二十三 → 23, 一二三 → 123. */
function digits(numeral) {
  const values = [...numeral].map((sign) => NUMERALS.indexOf(SIGNS[sign] ?? sign));
  const ten = values.indexOf(-1); // 十
  if (ten < 0 || values.lastIndexOf(-1) !== ten || ten > 1 || values.length - ten > 2) {
    return values.map((value) => (value < 0 ? "10" : value)).join("");
  }
  return String((ten ? values[0] : 1) * 10 + (values[ten + 1] ?? 0));
}

/** Fold width, case, blanks, signs and the forms of numbers away. */
export function folded(text) {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[〇零一二两三四五六七八九十]+/g, digits)
    .replace(/[\s\p{P}\p{S}号第]/gu, "")
    .replace(/(^|\D)0+(?=\d)/g, "$1");
}

/** Give where two texts differ by one sign put in, left out or changed; null where by more. */
function apartBy(one, other) {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  if (long.length - short.length > 1) return null;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at += 1;
  const rest = long.length === short.length ? short.slice(at + 1) : short.slice(at);
  if (rest.join("") !== long.slice(at + 1).join("")) return null;
  return [long.length === short.length ? short[at] : "", long[at]];
}

function isNear(one, other) {
  if (one === other) return one !== "";
  const [first, second] = [[...one], [...other]];
  if (first.length < 3 || second.length < 3) return false;
  const signs = apartBy(first, second);
  if (!signs) return false;
  if (!signs[0]) return !/\d/.test(signs[1]);
  return !APART.some((kind) => signs.every((sign) => kind.test(sign)));
}

/** Give the known things that a name may mean, those of the very name first. */
export function nearNames(name, things, most = 3) {
  const asked = folded(name);
  const near = things.filter((thing) => isNear(asked, folded(thing.label)));
  const exact = (thing) => Number(folded(thing.label) !== asked);
  return near.sort((one, other) => exact(one) - exact(other)).slice(0, most);
}

/** Say whether a thing is looked for: by name, place, number or pinyin initials, each word of it. */
export function isMeant(thing, query) {
  return query
    .trim()
    .split(/\s+/)
    .every((word) => {
      const part = folded(word);
      if ([thing.label, thing.place, thing.number].some((text) => folded(text ?? "").includes(part))) return true;
      const letters = word.normalize("NFKC").toLowerCase();
      return /^[a-z0-9]+$/.test(letters) && (thing.initials ?? "").includes(letters);
    });
}

const SIGNS_OF_IDS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford's: no I, L, O, U

/** Give the id of a new thing; nobody reads it, the ledger gives the number that people see. */
export function idMade() {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  return `N-${[...bytes].map((byte) => SIGNS_OF_IDS[byte & 31]).join("")}`;
}

export const isMade = (id) => /^N-[0-9A-HJKMNP-TV-Z]{10}$/.test(id);

/** Find a thing by what a sticker's address or a link names it by. */
export function thingNamed(things, name) {
  return things.find((thing) => [thing.key, thing.uid, thing.number].includes(name)) ?? null;
}

/** Read from the text of a QR code which thing it names; null where it is no sticker of a thing. */
export function thingOfCode(text) {
  try {
    const [, id] = new URL(text).pathname.match(/\/things\/(.+?)\/?$/) ?? [];
    return id ? decodeURIComponent(id) : null;
  } catch {
    return null;
  }
}
