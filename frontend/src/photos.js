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
    if (text.dataset.helped) continue;
    text.dataset.helped = "1";
    const shown = el("span", { class: "photo-shown" }, text.value);
    const input = el("input", {
      type: "file", accept: "image/*", class: "ignore hidden",
      onchange: async () => {
        const name = `${text.name.split("/").pop()}-${Date.now()}.jpg`;
        try {
          const file = await reduced(input.files[0], name);
          photos.files = photos.files.filter((one) => one.name !== text.value);
          photos.files.push({ ...file, field: true });
          shown.textContent = name;
          answer(text, name);
        } catch {
          photos.trouble.textContent = word("photo_unreadable", { name: input.files[0]?.name });
        }
      },
    });
    text.after(
      el("button", { type: "button", onclick: (event) => { event.preventDefault(); input.click(); } }, word("photo_add")),
      shown, input,
    );
  }
}
