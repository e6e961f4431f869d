// Custom modals: an app's iframe in a dialog, opened from a menu or by another surface of the app.

import { showDialog } from "./dialogs.js";
import { SurfaceView } from "./surface_view.js";

/** What the dialog answers when the app closed it by CLOSE_MODAL. */
const BY_APP = "app";

const dialogs = new WeakMap();

/**
 * Show one and resolve to `{status}` once it is closed, by the app or by the user.
 *
 * `opener` is the frame that asked by OPEN_MODAL; it hears CLOSE_CUSTOM_MODAL. From a menu there is none.
 */
export async function openCustomModal({ client, surface, title, place, data, opener = null }) {
  const template = document.querySelector("[data-modal-template]");
  const content = template.content.cloneNode(true).firstElementChild;
  content.querySelector("[data-title]").textContent = title;
  for (const name of content.querySelectorAll("[data-name]")) name.textContent = title;
  const extra = { ...(data === undefined ? {} : { data }), ...(opener ? { opener: true } : {}) };
  const view = new SurfaceView(content, { kind: "custom_modal", client, surface, title, place, extra });
  const closed = showDialog(content, { label: title, className: "dialog modal" });
  dialogs.set(view.frame, content.closest("dialog"));
  view.load();
  const answer = await closed;
  const status = answer === BY_APP ? view.frame.rules.modal_close_status : "closed";
  view.frame.close();
  opener?.push("close_custom_modal");
  return { status };
}

/** CLOSE_MODAL. A dialog tells of its closing later, so the answer leaves before the frame goes. */
export function closeCustomModal(frame) {
  const dialog = dialogs.get(frame);
  if (!dialog) throw new Error("close_modal: this surface is not a custom modal");
  dialog.close(BY_APP);
}
