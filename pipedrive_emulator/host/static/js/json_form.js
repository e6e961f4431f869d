// The form of one JSON modal: its blocks, what they hold, and what is seen of them.

import { drawBlock, element } from "./json_blocks.js";
import { isVisible, missing, startValue, submitted } from "./json_values.js";

const CONTROLS = "input, select, textarea, button";

export class JsonForm {
  #onChange;
  #onAction;
  #element = element("div", { className: "json-form" });
  #blocks = [];
  #actions = [];
  #start = {};

  /** `onChange(key)` for a block with fetchOnChange; `onAction(action)` for a pressed button. */
  constructor({ onChange, onAction }) {
    this.#onChange = onChange;
    this.#onAction = onAction;
    this.values = {};
  }

  get element() {
    return this.#element;
  }

  get body() {
    return submitted(this.#blocks, this.values);
  }

  /** The first form that the app gave. */
  begin({ blocks, actions }) {
    this.#blocks = blocks;
    this.#actions = actions;
    this.values = Object.fromEntries(blocks.map((block) => [block.key, startValue(block)]));
    this.#start = { ...this.values };
    this.#draw();
  }

  /** What the app gave after a change: what was typed stays, unless the app says otherwise. */
  follow({ blocks, actions, values }) {
    this.#blocks = blocks;
    this.#actions = actions;
    const held = (block) => (block.key in this.values ? this.values[block.key] : startValue(block));
    this.values = Object.fromEntries(blocks.map((block) => [block.key, held(block)]));
    Object.assign(this.values, values);
    this.#draw();
  }

  /** Options for some of the blocks, such as their errors; what the app left out stays. */
  lay({ blocks, actions }) {
    const over = (rows, said) =>
      rows.map((row) => {
        const more = said.find((one) => one.key === row.key);
        return more ? { ...row, ...more, options: { ...row.options, ...more.options } } : row;
      });
    this.#blocks = over(this.#blocks, blocks);
    this.#actions = over(this.#actions, actions);
    for (const { key, options } of blocks) if ("value" in options) this.values[key] = options.value;
    this.#draw();
    this.#element.querySelector("[aria-invalid], .json-wrong")?.closest("[data-block]").querySelector(CONTROLS)?.focus();
  }

  typed(key, value) {
    this.values[key] = value;
    const block = this.#blocks.find((one) => one.key === key);
    delete block.options.error;
    const drawn = this.#element.querySelector(`[data-block="${CSS.escape(key)}"]`);
    drawn.querySelector("[aria-invalid]")?.removeAttribute("aria-invalid");
    drawn.querySelector(".json-wrong")?.remove();
    this.#showWhatIsSeen();
  }

  changed(key) {
    const block = this.#blocks.find((one) => one.key === key);
    this.#draw();
    if (block.options.fetchOnChange) this.#onChange(key);
  }

  clear(key) {
    this.typed(key, this.#blocks.find((one) => one.key === key).kind === "select" ? null : "");
    this.changed(key);
  }

  reset() {
    this.values = { ...this.#start };
    for (const block of this.#blocks) delete block.options.error;
    this.#draw();
  }

  /** Marks what must still be filled in; true when nothing is missing. */
  check() {
    const keys = missing(this.#blocks, this.values);
    const blocks = keys.map((key) => ({ key, options: { error: "This field is required" } }));
    if (blocks.length) this.lay({ blocks, actions: [] });
    return blocks.length === 0;
  }

  freeze(isFrozen) {
    this.#element.inert = isFrozen;
    this.#element.setAttribute("aria-busy", String(isFrozen));
  }

  #showWhatIsSeen() {
    for (const block of this.#blocks) {
      const drawn = this.#element.querySelector(`[data-block="${CSS.escape(block.key)}"]`);
      drawn.hidden = !isVisible(block.options, this.values);
    }
    for (const button of this.#element.querySelectorAll("[data-action]")) {
      const action = this.#actions.find((one) => one.key === button.dataset.action);
      button.hidden = !isVisible(action.options, this.values);
    }
  }

  /** The focus stays on the block where it was, or on the button. */
  #draw() {
    const at = document.activeElement?.closest?.("[data-block], [data-action]");
    const place = at && this.#element.contains(at) ? { ...at.dataset } : null;
    const order = place?.block ? [...at.querySelectorAll(CONTROLS)].indexOf(document.activeElement) : 0;
    const blocks = element("div", { className: "json-blocks" });
    blocks.append(...this.#blocks.map((block) => drawBlock(block, this)));
    const buttons = element("div", { className: "dialog-actions" }, ...this.#actions.map((one) => this.#button(one)));
    this.#element.replaceChildren(blocks, buttons);
    this.#showWhatIsSeen();
    if (place) this.#refocus(place, order);
  }

  #refocus({ block, action }, order) {
    const [name, key] = block === undefined ? ["action", action] : ["block", block];
    const drawn = this.#element.querySelector(`[data-${name}="${CSS.escape(key)}"]`);
    const controls = drawn?.matches("button") ? [drawn] : [...(drawn?.querySelectorAll(CONTROLS) ?? [])];
    (controls[order] ?? controls[0])?.focus();
  }

  #button(action) {
    const style = action.kind === "primary" ? "button button-primary" : "button";
    const button = element("button", { type: "button", className: style, textContent: action.options.label });
    button.dataset.action = action.key;
    button.addEventListener("click", () => this.#onAction(action));
    return button;
  }
}
