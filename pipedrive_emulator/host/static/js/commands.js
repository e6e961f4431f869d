// What each SDK command does in this host. A thrown error becomes the error text of the reply.

import { confirm } from "./dialogs.js";
import { openForm } from "./forms.js";
import { send } from "./server.js";
import { BOUNDS, settleSize } from "./sizes.js";
import { showSnackbar } from "./snackbar.js";

/** Where REDIRECT_TO leads: list without an id, detail view with one. */
const VIEWS = {
  deals: (id) => (id ? `/deal/${id}` : "/deals"),
  contacts: (id) => (id ? `/person/${id}` : "/persons"),
  organizations: (id) => (id ? `/organization/${id}` : "/organizations"),
};

const FORMS = new Set(["activity", "deal", "person", "organization"]);

function resize(frame, requested) {
  const { size, problems } = settleSize(BOUNDS[frame.kind], requested, frame.resizePolicy);
  for (const problem of problems) {
    frame.note("resize_out_of_range", `resize out of range (${frame.resizePolicy}): ${problem}`);
  }
  if (size.height !== undefined) frame.setHeight(size.height);
}

function initialize(frame, options) {
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

async function openModal(_frame, { type, prefill } = {}) {
  if (!FORMS.has(type)) throw new Error(`This emulator opens no modal of type "${type}" yet`);
  const id = await openForm(type, { prefill: prefill ?? {} });
  return id === null ? { status: "closed" } : { status: "submitted", id };
}

function redirect(_frame, { view, id = null } = {}) {
  const place = Object.hasOwn(VIEWS, view) ? VIEWS[view] : null;
  if (!place) throw new Error(`This emulator has no page for the view "${view}" yet`);
  if (id !== null && !/^\d+$/.test(String(id))) throw new Error(`"${id}" is not the id of a record here`);
  // The answer has to leave before the page does.
  setTimeout(() => window.location.assign(place(id)), 0);
}

function missingSurface(name) {
  return () => {
    throw new Error(`${name}: this app has no floating window here`);
  };
}

export const commands = {
  initialize,
  resize,
  show_snackbar: snackbar,
  show_confirmation: confirmation,
  get_signed_token: signedToken,
  get_metadata: () => ({ windowHeight: window.innerHeight, windowWidth: window.innerWidth }),
  open_modal: openModal,
  close_modal: () => {
    throw new Error("close_modal: this surface is not a custom modal");
  },
  redirect_to: redirect,
  show_floating_window: missingSurface("show_floating_window"),
  hide_floating_window: missingSurface("hide_floating_window"),
  set_notification: missingSurface("set_notification"),
  set_focus_mode: missingSurface("set_focus_mode"),
};
