// JSON modals: a dialog whose form the app describes; each step asks the app through this page's server.

import { showDialog } from "./dialogs.js";
import { element } from "./json_blocks.js";
import { JsonForm } from "./json_form.js";
import { refreshJsonPanels } from "./json_panel.js";
import { Refused, send } from "./server.js";
import { showSnackbar } from "./snackbar.js";

const SUBMITTED = "submitted";
const WRONG = "Something went wrong, please try again.";

class JsonModal {
  #names;
  #client;
  #problem = element("div", { className: "form-error json-problem", role: "alert", hidden: true });
  #stage = element("div", { className: "json-stage" });
  #form;
  #steps = 0;

  constructor(client, surface, { title, place = {}, opener = null }) {
    this.#client = client;
    this.#names = { client_id: client, surface, ...place, ...(opener ? { opener: true } : {}) };
    this.#form = new JsonForm({
      onChange: (invoker) => this.#step("change", { form: this.#form.body, invoker }, (drawn) => this.#form.follow(drawn)),
      onAction: (action) => this.#press(action),
    });
    this.element = element("div", { className: "json-modal" }, this.#head(title), this.#problem, this.#stage);
  }

  #head(title) {
    const close = element("button", { type: "button", className: "icon-button json-close", "aria-label": "Close", textContent: "\u00d7" });
    close.dataset.dialogClose = "";
    return element("div", { className: "dialog-head" }, element("h2", { textContent: title }), close);
  }

  async open() {
    const spinner = element("span", { className: "surface-spinner" });
    const words = element("span", { className: "visually-hidden", textContent: "Loading" });
    this.#stage.replaceChildren(element("div", { className: "json-loading", role: "status" }, spinner, words));
    await this.#step("open", {}, (drawn) => {
      this.#form.begin(drawn);
      this.#stage.replaceChildren(this.#form.element);
      this.#stage.querySelector("[data-block]:not([hidden]) :is(input, select, textarea)")?.focus();
    });
    if (this.#stage.querySelector(".json-loading")) this.#stage.replaceChildren(this.#again());
  }

  #again() {
    const button = element("button", { type: "button", className: "button", textContent: "Try again" });
    button.addEventListener("click", () => this.open());
    return element("div", { className: "json-loading" }, button);
  }

  /** Of two steps at once only the later one counts. */
  async #step(name, more, onForm) {
    const step = (this.#steps += 1);
    this.#tell("");
    this.#form.freeze(name !== "change");
    try {
      const answer = await send(`/_host/json/modal/${name}`, { ...this.#names, ...more });
      if (step === this.#steps) this.#settle(answer, onForm);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (step === this.#steps) this.#tell(WRONG, error.message);
    } finally {
      if (step === this.#steps) this.#form.freeze(false);
    }
  }

  #settle(answer, onForm) {
    const { outcome } = answer;
    this.#form.freeze(false);
    if (outcome === "form") onForm(answer);
    if (outcome === "part") this.#form.lay(answer);
    if (outcome === "error") this.#tell(answer.message);
    if (outcome === "lost_connection") this.#lost(answer);
    if (outcome === "success") this.#succeed(answer);
  }

  /** `reason` is for the app's developer: Pipedrive shows it in the browser's network tab only. */
  #tell(words, reason = "") {
    const small = reason && element("p", { className: "json-reason", textContent: `The emulator saw: ${reason}` });
    this.#problem.replaceChildren(element("p", { textContent: words }), small || "");
    this.#problem.hidden = !words;
    if (words) this.#problem.scrollIntoView({ block: "nearest" });
  }

  #lost({ install_url: href, app }) {
    const link = element("a", { className: "button button-primary", href, target: "_blank", rel: "noopener", textContent: `Reinstall ${app}` });
    const words = element("p", { className: "soft", textContent: "Install the app again to go on using it." });
    const title = element("h3", { textContent: `${app} has lost connection` });
    this.#stage.replaceChildren(element("div", { className: "json-lost", role: "alert" }, title, words, link));
    link.focus();
  }

  #succeed({ message, link, refreshPanelData }) {
    this.element.closest("dialog").close(SUBMITTED);
    showSnackbar(message, link ? { url: link.value, label: link.label } : null);
    if (refreshPanelData) refreshJsonPanels(this.#client);
    document.dispatchEvent(new CustomEvent("host:changed"));
  }

  #press({ options }) {
    const { handler, url } = options;
    if (handler === "cancel") this.element.closest("dialog").close("");
    if (handler === "reset") this.#form.reset();
    if (handler !== "request" && handler !== "open-url") return;
    if (!this.#form.check()) return;
    const body = { form: this.#form.body, ...(url ? { url } : {}) };
    if (handler === "request") this.#step("submit", body, (drawn) => this.#form.follow(drawn));
    else this.#leave(body);
  }

  async #leave(body) {
    try {
      const { url } = await send("/_host/json/modal/leave", { ...this.#names, ...body });
      window.open(url, "_blank", "noopener");
      this.element.closest("dialog").close(SUBMITTED);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#tell(WRONG, error.message);
    }
  }
}

/**
 * Show a JSON modal; resolves to `{status}` once it is closed: "submitted" or "closed".
 *
 * `app` is a client id and `surface` the name of a registered JSON modal; `context` is `{title, place, opener}`,
 * `place` what the server reads as a place, `opener` the frame that asked by OPEN_MODAL.
 */
export async function openJsonModal(app, surface, context) {
  const modal = new JsonModal(app, surface, context);
  const closed = showDialog(modal.element, { label: context.title, className: "dialog json-dialog" });
  modal.open();
  return { status: (await closed) === SUBMITTED ? "submitted" : "closed" };
}
