// One iframe of an app: from its loader to the answer of `initialize`, or to its removal.

import { send } from "./server.js";

/**
 * The life of one surface's iframe. Every load is a new iframe with a new runtime id.
 *
 * `surface` names it to the server (`{client_id, surface}`), `mount` receives the iframe; `onReady` and
 * `onFailure(reason)` tell its owner how the load ended.
 */
export class Frame {
  #mount;
  #iframe = null;
  #deadline = null;
  #listeners = new Map();
  #onReady;
  #onFailure;

  constructor({ title, kind, surface, mount, onReady, onFailure }) {
    this.title = title;
    this.surface = surface;
    this.kind = kind;
    this.id = null;
    this.origin = null;
    this.initialized = false;
    this.resizePolicy = "reject";
    this.#mount = mount;
    this.#onReady = onReady;
    this.#onFailure = onFailure;
  }

  get window() {
    return this.#iframe?.contentWindow ?? null;
  }

  /** Put the iframe in, unseen. `ticket` is what the server signed for this one load. */
  open({ url, runtime_id: id, rules, deadline_seconds: seconds }) {
    this.close();
    this.id = id;
    this.origin = new URL(url).origin;
    this.resizePolicy = rules.resize_policy;
    this.#iframe = this.#build(url);
    this.#mount.append(this.#iframe);
    this.#deadline = setTimeout(() => this.#expire(seconds), seconds * 1000);
  }

  #build(url) {
    const iframe = document.createElement("iframe");
    iframe.title = this.title;
    iframe.referrerPolicy = "strict-origin-when-cross-origin";
    iframe.className = "surface-frame";
    iframe.dataset.runtimeId = this.id;
    iframe.src = url;
    return iframe;
  }

  /** The SDK may initialize many times in one page; only the first one reveals the frame. */
  markInitialized() {
    if (this.initialized) return;
    clearTimeout(this.#deadline);
    this.initialized = true;
    this.#onReady();
  }

  #expire(seconds) {
    this.close();
    this.#onFailure(`the SDK was not initialized within ${seconds} seconds`);
  }

  close() {
    clearTimeout(this.#deadline);
    for (const port of [...this.#listeners.values()].flat()) port.close();
    this.#listeners.clear();
    this.#iframe?.remove();
    this.#iframe = null;
    this.id = null;
    this.initialized = false;
  }

  setHeight(pixels) {
    this.#mount.style.height = `${pixels}px`;
  }

  /** Tell the ledger what an app's developer would otherwise only see in this console. */
  note(kind, reason) {
    console.error(`${this.title}: ${reason}`);
    send("/_host/notes", { ...this.surface, kind, reason }).catch(() => {});
  }

  keep(event, port) {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), port]);
  }

  /** Send an event to every listener of it. A listener that has gone reports nothing. */
  push(event, data) {
    for (const port of this.#listeners.get(event) ?? []) port.postMessage({ data });
  }
}
