// Writes answers into an empty filled-in form: what is known beforehand, a correction's answers.

const parser = new DOMParser();

/** Give the XML of a filled-in form by its model (text) and answers as a record keeps them. */
export function filled(model, answers, uid = "") {
  const xml = parser.parseFromString(model, "text/xml");
  const root = xml.querySelector("instance > *");
  const templates = rowTemplates(root);
  for (const [name, answer] of Object.entries(answers)) {
    if (templates.has(name)) {
      rowsPut(root, templates.get(name), answer);
    } else {
      answerPut(root, name, answer);
    }
  }
  const meta = [...root.children].find((node) => node.localName === "meta");
  for (const node of meta?.children ?? []) {
    if (node.localName === "instanceID") node.textContent = uid;
  }
  return new XMLSerializer().serializeToString(root);
}

/** Write into a filled-in form of which case it is a step, which step, and the hour of day. */
export function stamped(xml, { case: uid, step }) {
  const root = parser.parseFromString(xml, "text/xml").documentElement;
  const meta = [...root.children].find((node) => node.localName === "meta");
  const now = new Date();
  const hour = [now.getHours(), now.getMinutes()].map((one) => String(one).padStart(2, "0")).join(":");
  for (const [name, text] of Object.entries({ case: uid, step, hour })) {
    for (const earlier of [...meta.children].filter((one) => one.localName === name)) earlier.remove();
    const prefix = meta.prefix ? `${meta.prefix}:` : "";
    const node = root.ownerDocument.createElementNS(meta.namespaceURI, `${prefix}${name}`);
    node.textContent = text;
    meta.append(node);
  }
  return new XMLSerializer().serializeToString(root);
}

/** Read the answers of a filled-in form back; `repeats` are the names of its lists of rows. */
export function answersOf(xml, repeats) {
  const root = parser.parseFromString(xml, "text/xml").documentElement;
  return answersBelow(root, new Set(repeats));
}

function answersBelow(parent, repeats) {
  const answers = {};
  for (const node of parent.children) {
    const name = node.localName;
    if (name === "meta") continue;
    if (repeats.has(name)) {
      (answers[name] ??= []).push(answersBelow(node, repeats));
    } else if (node.children.length) {
      Object.assign(answers, answersBelow(node, repeats)); // a group
    } else if (node.textContent) {
      const kind = node.getAttribute("quantity");
      answers[name] = kind
        ? { kind, low: node.textContent, high: node.getAttribute("high") ?? node.textContent }
        : node.textContent;
    }
  }
  return answers;
}

/** Take the templates of repeats out: name → {row, place}, place being a mark where rows belong. */
function rowTemplates(root) {
  const found = new Map();
  for (const node of [...root.querySelectorAll("*")]) {
    const isTemplate = [...node.attributes].some((one) => one.localName === "template");
    if (!isTemplate || found.has(node.localName)) continue;
    const mark = root.ownerDocument.createComment(node.localName);
    node.replaceWith(mark);
    found.set(node.localName, { row: node, mark });
  }
  return found;
}

function rowsPut(root, { row, mark }, rows) {
  for (const answers of Array.isArray(rows) ? rows : []) {
    const made = row.cloneNode(true);
    for (const one of [...made.attributes]) {
      if (one.localName === "template") made.removeAttributeNode(one);
    }
    mark.before(made);
    for (const [name, answer] of Object.entries(answers)) answerPut(made, name, answer);
  }
}

function answerPut(root, name, answer) {
  const node = [...root.querySelectorAll("*")].find((one) => one.localName === name);
  if (!node || answer === null || answer === undefined) return;
  if (Array.isArray(answer)) {
    node.textContent = answer.join(" ");
  } else if (typeof answer === "object") {
    const number = answer.low ?? answer.high;
    if (number === undefined) return;
    node.textContent = String(number);
    node.setAttribute("quantity", answer.kind);
    if (answer.kind === "between") node.setAttribute("high", String(answer.high));
  } else {
    node.textContent = String(answer);
  }
}
