// An app's panel in the sidebar: it can be collapsed, and tells the app so.

import { SurfaceView } from "./surface_view.js";

export class Panel extends SurfaceView {
  #toggle;
  #body;

  constructor(element) {
    const { client, surface, title, record, resource } = element.dataset;
    const place = { resource, view: "details", selected_ids: record };
    super(element, { kind: "custom_panel", client, surface, title, place });
    this.#toggle = element.querySelector("[data-panel-toggle]");
    this.#body = element.querySelector("[data-body]");
    this.#toggle.addEventListener("click", () => this.toggle());
  }

  toggle() {
    const open = this.#toggle.getAttribute("aria-expanded") !== "true";
    this.#toggle.setAttribute("aria-expanded", String(open));
    this.#body.hidden = !open;
    this.frame.push("visibility", { is_visible: open });
  }
}
