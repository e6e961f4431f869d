// What every custom UI surface has around its iframe: a loader, a failure card, a way to load again.

import { Frame } from "./frames.js";
import { send } from "./server.js";
import { currentTheme } from "./theme.js";

/** The state stands in `data-state` of the element: loading, ready or failed. */
export class SurfaceView {
  #failure;
  #body;

  /** `extra` goes to the server with every load: `data`, `context`, `opener`. */
  constructor(element, { kind, client, surface, title, place = {}, extra = {} }) {
    this.element = element;
    this.extra = extra;
    this.#body = element.querySelector("[data-body]");
    this.#failure = element.querySelector("[data-failure]");
    this.frame = new Frame({
      title,
      kind,
      place,
      surface: { client_id: client, surface },
      mount: element.querySelector("[data-mount]"),
      onReady: () => this.#show("ready"),
      onFailure: (reason) => this.#fail(reason),
    });
    for (const button of element.querySelectorAll("[data-reload]")) {
      button.addEventListener("click", () => this.load());
    }
  }

  #show(state) {
    this.element.dataset.state = state;
    this.#body.setAttribute("aria-busy", String(state === "loading"));
  }

  async load() {
    this.frame.close();
    this.#show("loading");
    try {
      const { surface, place } = this.frame;
      const ticket = await send("/_host/surface", { ...surface, ...place, ...this.extra, theme: currentTheme() });
      // Closed, or left with its page, before the server answered.
      if (!this.element.isConnected) return;
      this.frame.setSize(ticket.default_size);
      this.frame.open(ticket);
      this.opened?.();
    } catch (error) {
      this.#fail(error.message.replace(/\.$/, ""));
    }
  }

  #fail(reason) {
    this.#failure.querySelector("[data-reason]").textContent = `Reason: ${reason}.`;
    this.#show("failed");
    this.frame.note("surface_hidden", `not shown: ${reason}`);
  }
}
