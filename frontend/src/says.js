// Answers put into the form's questions as a person would, and what a known thing says of itself.

/** Put an answer into a field as a person would, so that Enketo hears it. */
export function answer(control, value) {
  if (control.type === "radio" || control.type === "checkbox") {
    control.checked = true;
  } else {
    control.value = value;
  }
  control.dispatchEvent(new Event("input", { bubbles: true }));
  control.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Give the inputs of a question by its name. */
export const inputsOf = (form, name) => [
  ...form.view.html.querySelectorAll(`[name$="/${name}"], [data-name$="/${name}"]`),
];
const radioOf = (inputs, value) => inputs.find((input) => input.type === "radio" && input.value === value);
const textOf = (inputs) => inputs.find((input) => input.type === "text" || input.localName === "textarea");

/** Fill in what a thing says; what was answered already stays. Gives the questions filled in. */
export function thingFill(thing, entity, form) {
  const filled = new Set();
  for (const [said, name] of Object.entries(entity.saves)) {
    const value = thing.says[said];
    if (!value) continue;
    const inputs = inputsOf(form, name);
    const radio = radioOf(inputs, value);
    const text = textOf(inputs);
    if (radio && !inputs.some((input) => input.type === "radio" && input.checked)) answer(radio);
    else if (text && !text.value) answer(text, value);
    else continue;
    filled.add(name);
  }
  return filled;
}

/** Take back what a thing filled in and nobody changed, so that another one can say its own. */
export function thingTakeBack(thing, entity, form, filled) {
  for (const [said, name] of Object.entries(entity.saves)) {
    const value = thing.says[said];
    if (!value || !filled.has(name)) continue;
    const inputs = inputsOf(form, name);
    const radio = radioOf(inputs, value);
    const text = textOf(inputs);
    if (radio?.checked) {
      radio.checked = false;
      delete radio.parentNode.dataset.checked;
      radio.dispatchEvent(new Event("change", { bubbles: true }));
    } else if (text?.value === value) {
      answer(text, "");
    }
  }
}

/** Give what the answers say of a thing, by property. */
export function thingSaid(entity, form) {
  const says = {};
  for (const [said, name] of Object.entries(entity.saves)) {
    const inputs = inputsOf(form, name);
    const value = inputs.find((input) => input.type === "radio" && input.checked)?.value ?? textOf(inputs)?.value;
    if (value) says[said] = value;
  }
  return says;
}
