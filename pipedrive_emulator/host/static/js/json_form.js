// The form of one JSON modal: its blocks, what they hold, and what is seen of them.

import { drawBlock, element } from "./json_blocks.js";
import { isEmpty, isVisible, missing, startValue, submitted } from "./json_values.js";

const CONTROLS = "input, select, textarea, button";

export class JsonForm {
  #onChange;
  #onAction;
  #place = element("div", { className: "json-blocks" });
  #buttons = element("div", { className: "dialog-actions" });
  #element = element("div", { className: "json-form" }, this.#place, this.#buttons);
  #drawn = new Map();
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
    this.#drawn.clear();
    this.#place.replaceChildren();
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

  /** The control shows it already: nothing is drawn anew, or the next keystroke would go astray. */
  typed(key, value) {
    this.values[key] = value;
    const block = this.#block(key);
    delete block.options.error;
    const node = this.#node("block", key);
    node.querySelector("[aria-invalid]")?.removeAttribute("aria-invalid");
    node.querySelector(".json-wrong")?.remove();
    node.querySelector(".json-clear")?.toggleAttribute("hidden", isEmpty(value));
    this.#drawn.set(key, this.#signature(block));
    this.#showWhatIsSeen();
  }

  changed(key) {
    this.#draw();
    if (this.#block(key).options.fetchOnChange) this.#onChange(key);
  }

  #block(key) {
    return this.#blocks.find((one) => one.key === key);
  }

  #node(name, key) {
    return this.#element.querySelector(`[data-${name}="${CSS.escape(key)}"]`);
  }

  clear(key) {
    this.values[key] = this.#block(key).kind === "select" ? null : "";
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
    for (const { key, options } of this.#blocks) this.#node("block", key).hidden = !isVisible(options, this.values);
    for (const { key, options } of this.#actions) this.#node("action", key).hidden = !isVisible(options, this.values);
  }

  /** All that a block looks like; its choices depend on other blocks. */
  #signature(block) {
    const choices = (block.options.items ?? []).map((item) => isVisible(item, this.values));
    return JSON.stringify([block.options, block.nodes, this.values[block.key], choices]);
  }

  /** Only what looks different is replaced, so that typing and pressing go on; the focus stays in its place. */
  #draw() {
    const at = document.activeElement?.closest?.("[data-block]");
    const order = at ? [...at.querySelectorAll(CONTROLS)].indexOf(document.activeElement) : 0;
    this.#drawBlocks();
    this.#drawActions();
    this.#showWhatIsSeen();
    if (!at || document.activeElement !== document.body) return;
    const controls = this.#node("block", at.dataset.block)?.querySelectorAll(CONTROLS) ?? [];
    (controls[order] ?? controls[0])?.focus();
  }

  #drawBlocks() {
    for (const block of this.#blocks) {
      const signature = this.#signature(block);
      if (this.#drawn.get(block.key) === signature) continue;
      const old = this.#node("block", block.key);
      const fresh = drawBlock(block, this);
      if (old) old.replaceWith(fresh);
      else this.#place.append(fresh);
      this.#drawn.set(block.key, signature);
    }
  }

  #drawActions() {
    const signature = JSON.stringify(this.#actions);
    if (this.#buttons.dataset.signature === signature) return;
    this.#buttons.dataset.signature = signature;
    this.#buttons.replaceChildren(...this.#actions.map((action) => this.#button(action)));
  }

  #button(action) {
    const style = action.kind === "primary" ? "button button-primary" : "button";
    const button = element("button", { type: "button", className: style, textContent: action.options.label });
    button.dataset.action = action.key;
    button.addEventListener("click", () => this.#onAction(action));
    return button;
  }
}
