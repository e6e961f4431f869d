// An app's panel in the sidebar: header, loader, failure card and the frame inside.

import { Frame } from "./frames.js";
import { send } from "./server.js";

export class Panel {
  #element;
  #toggle;
  #body;
  #failure;

  constructor(element, theme) {
    const { client, surface, title, record, resource } = element.dataset;
    this.recordId = Number(record);
    this.resource = resource;
    this.theme = theme;
    this.#element = element;
    this.#toggle = element.querySelector("[data-panel-toggle]");
    this.#body = element.querySelector("[data-panel-body]");
    this.#failure = element.querySelector("[data-panel-failure]");
    this.frame = new Frame({
      title,
      kind: "custom_panel",
      surface: { client_id: client, surface },
      mount: element.querySelector("[data-panel-mount]"),
      onReady: () => this.#show("ready"),
      onFailure: (reason) => this.#fail(reason),
    });
    this.#wire();
  }

  #wire() {
    this.#toggle.addEventListener("click", () => this.toggle());
    for (const button of this.#element.querySelectorAll("[data-panel-reload]")) {
      button.addEventListener("click", () => this.load());
    }
  }

  #show(state) {
    this.#element.dataset.state = state;
    this.#body.setAttribute("aria-busy", String(state === "loading"));
  }

  async load() {
    this.frame.close();
    this.#show("loading");
    try {
      const ticket = await send("/_host/surface", {
        ...this.frame.surface,
        resource: this.resource,
        record_id: this.recordId,
        theme: this.theme(),
      });
      this.frame.setHeight(ticket.default_size.height);
      this.frame.open(ticket);
    } catch (error) {
      this.#fail(error.message);
    }
  }

  #fail(reason) {
    this.#failure.querySelector("[data-panel-reason]").textContent = `Reason: ${reason}.`;
    this.#show("failed");
    this.frame.note("surface_hidden", `not shown: ${reason}`);
  }

  toggle() {
    const open = this.#toggle.getAttribute("aria-expanded") !== "true";
    this.#toggle.setAttribute("aria-expanded", String(open));
    this.#body.hidden = !open;
    this.frame.push("visibility", { is_visible: open });
  }
}
