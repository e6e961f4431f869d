// A JSON panel: its body is fetched through this page's server and drawn there, of escaped words only.

import { wireMenus } from "./menus.js";
import { send, sendForText } from "./server.js";
import { showSnackbar } from "./snackbar.js";

class JsonPanel {
  #element;
  #body;
  #content;
  #loads = 0;

  constructor(element) {
    this.#element = element;
    this.#body = element.querySelector("[data-body]");
    this.#content = element.querySelector("[data-content]");
    element.addEventListener("click", (event) => this.#clicked(event.target));
  }

  get #names() {
    const { client, surface } = this.#element.dataset;
    return { client_id: client, surface };
  }

  #clicked(target) {
    const thumb = target.closest("[data-thumb]");
    if (thumb) this.#rate(thumb);
    if (target.closest("[data-reload]")) this.load();
    if (target.closest("[data-panel-toggle]")) this.#toggle();
  }

  #toggle() {
    const button = this.#element.querySelector("[data-panel-toggle]");
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    this.#body.hidden = !open;
  }

  #busy(isBusy) {
    this.#body.setAttribute("aria-busy", String(isBusy));
    this.#element.querySelector("[data-loader]").hidden = !isBusy;
  }

  /** Ask the app again. Of several loads only the last one is shown. */
  async load() {
    const { record, resource } = this.#element.dataset;
    const load = (this.#loads += 1);
    const hadFocus = this.#content.contains(document.activeElement);
    this.#busy(true);
    try {
      const place = { resource, view: "details", selected_ids: record };
      const html = await sendForText("/_host/json/panel", { ...this.#names, ...place });
      if (load === this.#loads) this.#show(html);
    } catch (error) {
      if (load === this.#loads) this.#refuse(error);
    }
    if (load !== this.#loads) return;
    this.#busy(false);
    if (hadFocus && document.activeElement === document.body) this.#element.querySelector("[data-panel-toggle]").focus();
  }

  #refuse(error) {
    const text = document.createElement("p");
    text.className = "json-nothing";
    text.setAttribute("role", "alert");
    text.textContent = error.message;
    this.#content.replaceChildren(text);
  }

  #show(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    const fresh = template.content.firstElementChild;
    const settings = this.#element.querySelector("[data-app-settings]");
    settings.hidden = !fresh.dataset.settings;
    if (fresh.dataset.settings) settings.href = fresh.dataset.settings;
    this.#content.replaceChildren(fresh);
    wireMenus();
  }

  async #rate(button) {
    await send("/_host/json/feedback", { ...this.#names, thumb: button.dataset.thumb });
    for (const each of this.#element.querySelectorAll("[data-thumb]")) {
      each.setAttribute("aria-pressed", String(each === button));
    }
    showSnackbar("Thank you. Pipedrive would mail this to the app\u2019s contact.");
  }
}

const panels = new WeakMap();

function elements() {
  return [...document.querySelectorAll("[data-json-panel]")];
}

export function wireJsonPanels() {
  for (const element of elements()) {
    const panel = new JsonPanel(element);
    panels.set(element, panel);
    panel.load();
  }
}

/** A modal of the same app has changed something and asked for it. */
export function refreshJsonPanels(client) {
  for (const element of elements()) if (element.dataset.client === client) panels.get(element)?.load();
}
