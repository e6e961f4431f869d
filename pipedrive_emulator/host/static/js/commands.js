// What each SDK command does in this host. A thrown error becomes the error text of the reply.

import { opensByName, openNamed } from "./actions.js";
import { closeCustomModal } from "./custom_modal.js";
import { confirm } from "./dialogs.js";
import { setNotification } from "./dock.js";
import { windowOf } from "./floating_window.js";
import { openForm } from "./forms.js";
import { go } from "./navigation.js";
import { send } from "./server.js";
import { boundsOf, settleSize } from "./sizes.js";
import { showSnackbar } from "./snackbar.js";

/** Where REDIRECT_TO leads: list without an id, detail view with one. */
const VIEWS = {
  deals: (id) => (id ? `/deal/${id}` : "/deals"),
  leads: (id) => (id ? `/leads/inbox/${id}` : "/leads/inbox"),
  contacts: (id) => (id ? `/person/${id}` : "/persons"),
  organizations: (id) => (id ? `/organization/${id}` : "/organizations"),
  campaigns: (id) => (id ? `/campaigns/${id}` : "/campaigns"),
  projects: (id) => (id ? `/projects/${id}` : "/projects"),
  settings: (_id, client) => `/settings/marketplace/app/${client}/app-settings`,
};

const FORMS = new Set(["activity", "deal", "person", "organization"]);

function resize(frame, requested) {
  const policy = frame.rules.resize_policy;
  const { size, problems } = settleSize(boundsOf(frame.kind), requested, policy);
  for (const problem of problems) frame.note("resize_out_of_range", `resize out of range (${policy}): ${problem}`);
  frame.setSize(size);
}

async function initialize(frame, options) {
  const { id } = frame;
  await frame.permission;
  if (frame.id !== id) throw new Error("initialize: this load of the surface is over");
  if (options?.size) resize(frame, options.size);
  frame.markInitialized();
}

function snackbar(_frame, { message, link } = {}) {
  if (!message) throw new Error("show_snackbar needs a message");
  showSnackbar(String(message), link);
}

async function confirmation(_frame, options = {}) {
  if (!options.title) throw new Error("show_confirmation needs a title");
  return { confirmed: await confirm(options) };
}

async function signedToken(frame) {
  const { token } = await send("/_host/surface-token", frame.surface);
  return { token };
}

async function openModal(frame, { type, prefill, ...named } = {}) {
  if (opensByName(type)) return openNamed(frame, { type, ...named });
  if (!FORMS.has(type)) throw new Error(`open_modal: Pipedrive has no modal of type "${type}"`);
  const id = await openForm(type, { prefill: prefill ?? {} });
  return id === null ? { status: "closed" } : { status: "submitted", id };
}

/** What follows the path of REDIRECT_TO: only the settings page takes a context. */
function contextQuery(view, context) {
  if (view !== "settings" || context === undefined || context === null) return "";
  return `?context=${encodeURIComponent(JSON.stringify(context))}`;
}

function redirect(frame, { view, id = null, context } = {}) {
  const place = Object.hasOwn(VIEWS, view) ? VIEWS[view] : null;
  if (!place) throw new Error(`redirect_to: Pipedrive has no view "${view}"`);
  if (id !== null && !/^[\w-]+$/.test(String(id))) throw new Error(`redirect_to: "${id}" is not the id of a record`);
  const path = place(id, frame.surface.client_id) + contextQuery(view, context);
  // The answer has to leave before the page does.
  setTimeout(() => go(path), 0);
}

/** The floating window of the app that asks. */
function ownWindow(frame, command) {
  const float = windowOf(frame.surface.client_id);
  if (!float) throw new Error(`${command}: this app has no floating window here`);
  if (float.frame !== frame && frame.rules.floating_from_elsewhere === "refused") {
    throw new Error(`${command}: only the floating window itself may ask for this`);
  }
  return float;
}

function notify(frame, { number } = {}) {
  ownWindow(frame, "set_notification");
  const count = number ?? 0;
  if (!Number.isInteger(count) || count < 0) throw new Error("set_notification: number is a whole number, 0 or more");
  setNotification(frame.surface.client_id, count);
}

function focusMode(frame, on) {
  const float = ownWindow(frame, "set_focus_mode");
  if (typeof on !== "boolean") throw new Error("set_focus_mode takes true or false");
  if (!float.isVisible) throw new Error("set_focus_mode: the floating window is not visible");
  float.setFocusMode(on);
}

export const commands = {
  initialize,
  resize,
  show_snackbar: snackbar,
  show_confirmation: confirmation,
  get_signed_token: signedToken,
  get_metadata: () => ({ windowHeight: window.innerHeight, windowWidth: window.innerWidth }),
  open_modal: openModal,
  close_modal: closeCustomModal,
  redirect_to: redirect,
  show_floating_window: (frame, { context } = {}) => ownWindow(frame, "show_floating_window").show("command", context),
  hide_floating_window: (frame, { context } = {}) => ownWindow(frame, "hide_floating_window").hide("command", context),
  set_notification: notify,
  set_focus_mode: focusMode,
};
