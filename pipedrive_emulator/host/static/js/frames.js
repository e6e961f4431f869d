// One iframe of an app: from its loader to the answer of `initialize`, or to its removal.

import { noteEvent, noteLoad } from "./drawer_tape.js";
import { send } from "./server.js";

const SANDBOX =
  "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-downloads allow-modals";

/** Every frame that is on the page at this moment. */
const frames = new Set();

export function liveFrames() {
  return [...frames];
}

/**
 * The life of one surface's iframe. Every load is a new iframe with a new runtime id.
 *
 * `surface` names it to the server (`{client_id, surface}`), `place` says where it stands (`{resource, view,
 * selected_ids}`, empty beside no record), `mount` receives the iframe; `onReady` and `onFailure(reason)`
 * tell its owner how the load ended.
 */
export class Frame {
  #mount;
  #iframe = null;
  #deadline = null;
  #seconds = 0;
  #listeners = new Map();
  #unheard = new Map();
  #onReady;
  #onFailure;

  constructor({ title, kind, surface, place, mount, onReady, onFailure }) {
    Object.assign(this, { title, kind, surface, place: place ?? {} });
    this.id = null;
    this.origin = null;
    this.initialized = false;
    this.rules = {};
    /** Settles once `initialize` may be answered. */
    this.permission = Promise.resolve();
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
    Object.assign(this, { id, origin: new URL(url).origin, rules });
    this.#seconds = seconds;
    this.#iframe = this.#build(url);
    this.#mount.append(this.#iframe);
    frames.add(this);
    noteLoad(this, url);
    this.startDeadline();
  }

  #build(url) {
    const iframe = document.createElement("iframe");
    iframe.title = this.title;
    iframe.referrerPolicy = "strict-origin-when-cross-origin";
    iframe.className = "surface-frame";
    iframe.dataset.runtimeId = this.id;
    if (this.rules.iframe_sandbox === "on") iframe.setAttribute("sandbox", SANDBOX);
    iframe.src = url;
    return iframe;
  }

  startDeadline() {
    this.stopDeadline();
    this.#deadline = setTimeout(() => this.#expire(), this.#seconds * 1000);
  }

  stopDeadline() {
    clearTimeout(this.#deadline);
  }

  /** The SDK may initialize many times in one page: what is seen stays seen. */
  markInitialized() {
    this.stopDeadline();
    this.initialized = true;
    this.#onReady();
  }

  #expire() {
    this.close();
    this.#onFailure(`the SDK was not initialized within ${this.#seconds} seconds`);
  }

  close() {
    this.stopDeadline();
    for (const port of [...this.#listeners.values()].flat()) port.close();
    this.#listeners.clear();
    this.#unheard.clear();
    this.#iframe?.remove();
    this.#iframe = null;
    this.id = null;
    this.initialized = false;
    frames.delete(this);
  }

  setSize(size) {
    for (const [side, pixels] of Object.entries(size)) this.#mount.style[side] = `${pixels}px`;
  }

  /** Tell the ledger what an app's developer would otherwise only see in this console. */
  note(kind, reason) {
    console.error(`${this.title}: ${reason}`);
    send("/_host/notes", { ...this.surface, kind, reason }).catch(() => {});
  }

  keep(event, port) {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), port]);
    if (!this.#unheard.has(event)) return;
    const data = this.#unheard.get(event);
    port.postMessage({ data });
    noteEvent(this, event, data, 1);
    this.#unheard.delete(event);
  }

  /** Send an event to every listener of it. A listener that has gone reports nothing. */
  push(event, data) {
    const message = data === undefined ? {} : { data };
    const listeners = this.#listeners.get(event) ?? [];
    for (const port of listeners) port.postMessage(message);
    noteEvent(this, event, data, listeners.length);
  }

  /** The same, but kept for the first listener while there is none: a window shown before it is ready. */
  pushOrKeep(event, data) {
    if (this.#listeners.has(event)) this.push(event, data);
    else this.#unheard.set(event, data);
  }
}
