// Draws the blocks of a JSON modal. Everything that an app said becomes text, never markup.

import { isVisible } from "./json_values.js";

let counter = 0;

export function element(name, properties = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in node && !key.includes("-")) node[key] = value;
    else node.setAttribute(key, value);
  }
  node.append(...children.filter(Boolean));
  return node;
}

const TAGS = { strong: "strong", paragraph: "p", quote: "blockquote", item: "li", break: "br" };

/** The server's markdown tree; it has checked every address. */
export function markdown(nodes) {
  return nodes.map((node) => {
    if (node.type === "text") return document.createTextNode(node.text);
    const inside = markdown(node.children ?? []);
    if (node.type === "heading") return element("h3", { className: `json-heading-${node.level}` }, ...inside);
    if (node.type === "list") return element(node.ordered ? "ol" : "ul", {}, ...inside);
    if (node.type === "link") return element("a", { href: node.href, target: "_blank", rel: "noopener" }, ...inside);
    return element(TAGS[node.type], {}, ...inside);
  });
}

function labelOf({ options }) {
  const star = options.isRequired && element("span", { className: "json-required", textContent: " *", "aria-hidden": "true" });
  return [document.createTextNode(options.label ?? ""), star];
}

/** The hint and the error below a control, named by its aria-describedby. */
function notes(key, { message, error }) {
  const hint = message && element("p", { className: "json-hint", id: `${key}-hint`, textContent: message });
  const wrong = error && element("p", { className: "json-wrong", id: `${key}-wrong`, textContent: error });
  return { nodes: [hint, wrong], ids: [hint?.id, wrong?.id].filter(Boolean).join(" ") };
}

function describe(control, { options }, ids) {
  if (ids) control.setAttribute("aria-describedby", ids);
  if (options.error) control.setAttribute("aria-invalid", "true");
  if (options.isRequired) control.setAttribute("aria-required", "true");
  return control;
}

function clearButton(control, { options }, form) {
  if (!options.allowClear) return null;
  const button = element("button", { type: "button", className: "json-clear", textContent: "Clear" });
  button.hidden = control.value === "";
  button.setAttribute("aria-label", `Clear ${options.label}`);
  button.addEventListener("click", () => form.clear(control.name));
  return button;
}

function single(block, control, id, form) {
  const { nodes, ids } = notes(id, block.options);
  control.id = id;
  control.name = block.key;
  describe(control, block, ids);
  const row = element("div", { className: "json-control" }, control, clearButton(control, block, form));
  return [element("label", { htmlFor: id }, ...labelOf(block)), row, ...nodes];
}

function input(block, value, id, form) {
  const { type = "text", placeholder = "" } = block.options;
  const control = element("input", { type, placeholder, value: String(value ?? ""), autocomplete: "off" });
  if (type === "number") control.step = "any";
  control.addEventListener("input", () => form.typed(block.key, read(control)));
  control.addEventListener("change", () => form.changed(block.key));
  return single(block, control, id, form);
}

/** A number field holds a number, every other one its text. */
function read(control) {
  return control.type === "number" && control.value !== "" ? control.valueAsNumber : control.value;
}

function datepicker(block, value, id, form) {
  const control = element("input", { type: "date", value: value ?? "" });
  control.addEventListener("input", () => form.typed(block.key, control.value));
  control.addEventListener("change", () => form.changed(block.key));
  return single(block, control, id, form);
}

function textarea(block, value, id, form) {
  const { placeholder = "", resize } = block.options;
  const className = resize ? "" : "json-fixed";
  const control = element("textarea", { placeholder, className, value: value ?? "" });
  control.addEventListener("input", () => form.typed(block.key, control.value));
  control.addEventListener("change", () => form.changed(block.key));
  return single(block, control, id, form);
}

function seen(items, values) {
  return (items ?? []).filter((item) => isVisible(item, values));
}

function fillOptions(control, items, value, { placeholder, allowClear }, word) {
  const wanted = items.filter((item) => item.label.toLowerCase().includes(word) || item.value === value);
  const isFree = allowClear || !items.some((item) => item.value === value);
  const first = isFree ? [element("option", { value: "", textContent: placeholder || "Choose" })] : [];
  const rest = wanted.map((item) =>
    element("option", {
      value: String(items.indexOf(item)),
      textContent: item.label,
      disabled: Boolean(item.isDisabled),
      selected: item.value === value,
    }),
  );
  control.replaceChildren(...first, ...rest);
}

function select(block, value, id, form) {
  if (Array.isArray(value)) return group(block, value, id, form, "checkbox");
  const items = seen(block.options.items, form.values);
  const control = element("select");
  fillOptions(control, items, value, block.options, "");
  control.addEventListener("change", () => {
    form.typed(block.key, control.value === "" ? null : items[Number(control.value)].value);
    form.changed(block.key);
  });
  const parts = single(block, control, id, form);
  if (!block.options.filter) return parts;
  const search = element("input", { type: "search", placeholder: "Search", "aria-label": `Search ${block.options.label}` });
  search.addEventListener("input", () => {
    fillOptions(control, items, form.values[block.key], block.options, search.value.trim().toLowerCase());
  });
  return [parts[0], element("div", { className: "json-search" }, search), ...parts.slice(1)];
}

function choice(block, item, value, id, form, type) {
  const isChosen = Array.isArray(value) ? value.includes(item.value) : value === item.value;
  const control = element("input", { type, name: id, checked: isChosen, disabled: Boolean(item.isDisabled) });
  control.addEventListener("change", () => {
    const held = form.values[block.key];
    const others = Array.isArray(held) ? held.filter((one) => one !== item.value) : [];
    form.typed(block.key, type === "radio" ? item.value : control.checked ? [...others, item.value] : others);
    form.changed(block.key);
  });
  return element("label", { className: "json-choice" }, control, element("span", { textContent: item.label }));
}

function group(block, value, id, form, type) {
  const { nodes, ids } = notes(id, block.options);
  const rows = seen(block.options.items, form.values).map((item) => choice(block, item, value, id, form, type));
  const legend = element("legend", {}, ...labelOf(block));
  const set = element("fieldset", { className: "json-group", id, tabIndex: -1 }, legend, ...rows);
  if (ids) set.setAttribute("aria-describedby", ids);
  return [set, ...nodes];
}

const DRAW = {
  text: (block) => [element("div", { className: "json-text" }, ...markdown(block.nodes))],
  separator: () => [element("hr")],
  input,
  textarea,
  select,
  datepicker,
  "radio-group": (block, value, id, form) => group(block, value, id, form, "radio"),
  "checkbox-group": (block, value, id, form) => group(block, value, id, form, "checkbox"),
};

/**
 * One block as an element.
 *
 * `form` hears what is done: `typed(key, value)` at each step, `changed(key)` when it is done, `clear(key)`;
 * `form.values` are all values of this moment.
 */
export function drawBlock(block, form) {
  const id = `json-${(counter += 1)}`;
  const node = element("div", { className: `json-block json-block-${block.kind}` });
  node.dataset.block = block.key;
  node.append(...DRAW[block.kind](block, form.values[block.key], id, form).filter(Boolean));
  return node;
}
