// An app's floating window: loaded with the page, out of sight until the user or the app shows it.

import { SurfaceView } from "./surface_view.js";

const windows = new Map();

/** The window of the app of a client id, or `undefined`. */
export function windowOf(client) {
  return windows.get(client);
}

/** The windows that a click on a phone number opens, in the order of their apps. */
export function phoneWindows() {
  return [...windows.values()].filter((one) => one.element.dataset.entryPoints.split(" ").includes("phone"));
}

export class FloatingWindow extends SurfaceView {
  #close;
  #opener = null;
  #allow = () => {};

  constructor(element) {
    const { client, surface, title } = element.dataset;
    super(element, { kind: "floating_window", client, surface, title });
    this.isVisible = false;
    this.focusMode = false;
    this.onChange = () => {};
    this.#close = element.querySelector("[data-close]");
    this.#close.addEventListener("click", () => this.hide("user"));
    element.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.focusMode) this.hide("user");
    });
    windows.set(client, this);
  }

  /** After each load: whether the app may get ready before it is seen is a switch. */
  opened() {
    if (this.isVisible || this.frame.rules.initialize_while_hidden === "answered") {
      this.frame.permission = Promise.resolve();
      return;
    }
    this.frame.stopDeadline();
    this.frame.permission = new Promise((resolve) => {
      this.#allow = resolve;
    });
  }

  /** `invoker` is "user" or "command"; showing a window that is already there tells it the new context. */
  show(invoker, context = {}) {
    if (!this.isVisible) {
      this.setFocusMode(false);
      this.#draw(true);
      if (!this.frame.initialized && this.frame.id) this.frame.startDeadline();
      this.#allow();
    }
    if (invoker === "user") {
      this.#opener = document.activeElement;
      this.#close.focus();
    }
    this.frame.pushOrKeep("visibility", { is_visible: true, context: { ...context, invoker } });
  }

  hide(invoker, context = {}) {
    if (!this.isVisible) return;
    const hadFocus = this.element.contains(document.activeElement);
    this.#draw(false);
    if (hadFocus) this.#opener?.focus();
    this.frame.pushOrKeep("visibility", { is_visible: false, context: { ...context, invoker } });
  }

  #draw(isVisible) {
    this.isVisible = isVisible;
    this.element.dataset.visible = String(isVisible);
    this.onChange(isVisible);
  }

  /** While an app is busy, the user cannot close its window by accident. */
  setFocusMode(on) {
    this.focusMode = on;
    this.#close.hidden = on;
  }
}
