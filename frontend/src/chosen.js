// A tap on a chosen answer keeps it; taking it back is a small button of its own.  Enketo takes the
// answer away at the second tap, and whoever taps once more to be sure has lost it.

import { el, word } from "./dom.js";

const RADIOS = 'input[type="radio"]:not(.ignore)';

/** Before Enketo sees the form, templates of rows and lists included. */
export function choicesKept(form) {
  for (const radio of form.querySelectorAll('input[type="radio"]')) radio.classList.add("no-unselect");
}

/** After Enketo has made the form, or a new row: the button that takes the answer back. */
export function clearButtons(root) {
  for (const box of root.querySelectorAll(".question .option-wrapper")) {
    const question = box.closest(".question");
    if (!box.querySelector('input[type="radio"]') || question.querySelector(".clear-choice")) continue;
    if (question.closest(".readonly, [readonly]") || box.querySelector("input[readonly]")) continue;
    const label = question.querySelector(".question-label.active, .question-label")?.textContent ?? "";
    const button = el(
      "button",
      {
        type: "button", class: "clear-choice quiet", hidden: true,
        "aria-label": word("choice_clear", { label }), title: word("choice_clear", { label }),
        onclick: () => {
          const chosen = question.querySelector(`${RADIOS}:checked`);
          if (!chosen) return;
          chosen.checked = false;
          delete chosen.parentNode.dataset.checked;
          chosen.dispatchEvent(new Event("change", { bubbles: true }));
          show();
          chosen.focus();
        },
      },
      "✕",
    );
    const show = () => {
      button.hidden = !question.querySelector(`${RADIOS}:checked`);
    };
    box.append(button);
    for (const event of ["change", "inputupdate"]) question.addEventListener(event, show);
    show();
  }
}
