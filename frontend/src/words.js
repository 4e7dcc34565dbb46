// Stands for Enketo's translator: its keys are looked up among the page's own words.

import { word } from "./dom.js";

export function t(key, options = {}) {
  return word(key).replace(/__([^_]+)__/g, (_, name) => options[name] ?? "");
}
