// Photos beside a form: optional, reduced in the page, kept with the draft.

import { el, word } from "./dom.js";
import { reduced } from "./picture.js";

/** Hold the photos of one form; `changed` is called when one is added or taken away. */
export class Photos {
  constructor(files, changed) {
    this.files = [...(files ?? [])];
    this.changed = changed;
    this.list = el("ul", { class: "photos" });
    this.trouble = el("p", { class: "error", role: "alert" });
    const input = el("input", {
      type: "file", accept: "image/*", multiple: true, class: "hidden", id: "photos-input",
      onchange: () => this.add(input),
    });
    this.element = el(
      "section", { class: "photos-box" },
      el("h2", {}, word("photos")),
      el("p", { class: "hint" }, word("photos_hint")),
      this.list, this.trouble, input,
      el("label", { class: "button", for: "photos-input" }, word("photo_add")),
    );
    this.show();
  }

  async add(input) {
    this.trouble.textContent = "";
    for (const file of input.files) {
      try {
        this.files.push(await reduced(file, `photo-${Date.now()}-${this.files.length + 1}.jpg`));
      } catch {
        this.trouble.textContent = word("photo_unreadable", { name: file.name });
      }
    }
    input.value = "";
    this.show();
    this.changed();
  }

  show() {
    this.list.replaceChildren(
      ...this.files
        .filter((file) => !file.field)
        .map((file) => {
          const address = URL.createObjectURL(new Blob([file.data], { type: file.type }));
          const image = el("img", { src: address, alt: "", onload: () => URL.revokeObjectURL(address) });
          const drop = el("button", {
            type: "button", class: "quiet", "aria-label": word("photo_drop"),
            onclick: () => {
              this.files = this.files.filter((one) => one !== file);
              this.show();
              this.changed();
            },
          }, "✕");
          return el("li", {}, image, drop);
        }),
    );
  }
}

/** Before Enketo sees the form: a field for a picture becomes a text that names the file. */
export function photoFields(form) {
  for (const input of form.querySelectorAll('input[type="file"]')) {
    const text = el("input", { type: "text", class: "photo-name hidden", readonly: true, tabindex: "-1" });
    for (const one of input.attributes) {
      if (/^(name|data-)/.test(one.name) && one.name !== "data-type-xml") text.setAttribute(one.name, one.value);
    }
    text.setAttribute("data-type-xml", "string");
    input.replaceWith(text);
  }
}

/** After Enketo has made the form: the button that takes the picture of such a field. */
export function photoButtons(root, photos, answer) {
  for (const text of root.querySelectorAll(".photo-name")) {
    if (text.dataset.helped || text.closest(".or-repeat[hidden]")) continue;
    text.dataset.helped = "1";
    text.after(photoBox(text, photos, answer));
  }
}

/** What stands at one question for a picture: the picture, and the buttons to take and drop it. */
function photoBox(text, photos, answer) {
  const label = text.closest(".question")?.querySelector(".question-label.active, .question-label")?.textContent ?? "";
  const shown = el("span", { class: "photo-shown" });
  const trouble = el("span", { class: "error", role: "alert" });
  const input = el("input", {
    type: "file", accept: "image/*", class: "ignore hidden", tabindex: "-1", "aria-label": label,
    onchange: async (event) => {
      event.stopPropagation(); // not an answer: the name of the picture is
      const [file] = input.files;
      if (!file) return;
      trouble.textContent = "";
      try {
        keep(await reduced(file, `${text.name.split("/").pop()}-${Date.now()}.jpg`));
      } catch {
        trouble.textContent = word("photo_unreadable", { name: file.name });
      }
      input.value = "";
    },
  });
  const keep = (file) => {
    photos.files = photos.files.filter((one) => one.name !== text.value);
    if (file) photos.files.push({ ...file, field: true });
    answer(text, file?.name ?? "");
    show();
  };
  const press = (event, act) => {
    event.preventDefault(); // inside the question's label: the tap is not for the field
    event.stopPropagation();
    act();
  };
  const take = el("button", { type: "button", class: "photo-take", onclick: (event) => press(event, () => input.click()) });
  const drop = el("button", {
    type: "button", class: "quiet photo-drop", "aria-label": `${word("photo_drop")}：${label}`,
    onclick: (event) => press(event, () => keep(null)),
  }, "✕");
  const show = () => {
    const kept = photos.files.find((one) => one.field && one.name === text.value);
    take.textContent = word(text.value ? "photo_again" : "photo_take", { label });
    drop.hidden = !text.value;
    if (!kept) shown.replaceChildren(text.value);
    else {
      const address = URL.createObjectURL(new Blob([kept.data], { type: kept.type }));
      shown.replaceChildren(el("img", { src: address, alt: label, onload: () => URL.revokeObjectURL(address) }));
    }
  };
  show();
  return el("span", { class: "photo-box" }, shown, take, drop, trouble, input);
}
