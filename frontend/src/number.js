// Number fields that take what is typed and say in words what is wrong with it: Enketo swallows the
// keys that do not fit, so that 40.5 became 405 and 1e2 became 12 without a word.

import DecimalInput from "enketo-core/src/widget/number-input/decimal-input";
import IntegerInput from "enketo-core/src/widget/number-input/integer-input";
import { word } from "./dom.js";

const WHOLE = /^-?\d+$/;
const NUMBER = /^-?(\d+(\.\d+)?|\.\d+)$/;
/** Whatever is typed arrives; the field itself then says whether it is a number. */
const EVERY_KEY = { has: () => true };

let made = 0;

/** Say of a field whether what stands in it is no number, in words that a screen reader finds. */
function said(widget, pattern, words) {
  const { element, message } = widget;
  const wrong = element.validity.badInput || (element.value !== "" && !pattern.test(element.value));
  element.setCustomValidity(wrong ? word(words) : "");
  message.id ||= `said-${(made += 1)}`;
  element.setAttribute("aria-describedby", message.id);
  element.setAttribute("aria-invalid", String(wrong));
  return wrong;
}

// Enketo keeps widgets by the name of their class, so that each has one of its own.
export class Integer extends IntegerInput {
  static get validCharacters() {
    return EVERY_KEY;
  }

  setValidity() {
    const wrong = said(this, WHOLE, "number_whole");
    super.setValidity();
    if (wrong) this.message.innerText = word("number_whole");
  }
}

export class Decimal extends DecimalInput {
  static get validCharacters() {
    return EVERY_KEY;
  }

  setValidity() {
    const wrong = said(this, NUMBER, "number_plain");
    super.setValidity();
    if (wrong) this.message.innerText = word("number_plain");
  }
}

/**
 * Keep what is no number out of the record: Enketo would round 40.5 down to 40 behind the page, and a
 * draft would come back with it.  `form` is Enketo's, already begun.
 */
export function numbersKept(form) {
  const { html } = form.view;
  html.addEventListener(
    "change",
    (event) => {
      const control = event.target;
      if (control.type !== "number" || control.classList.contains("ignore") || isGood(control)) return;
      event.stopImmediatePropagation();
      const { input, model } = form;
      model.node(input.getName(control), input.getIndex(control)).setVal("", input.getXmlType(control));
    },
    true,
  );
}

export const isGood = (control) => control.type !== "number" || control.validity.valid;
