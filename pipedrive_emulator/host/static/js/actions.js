// The entries that apps have in a three-dot menu, and what OPEN_MODAL opens by an id or a name.

import { openCustomModal } from "./custom_modal.js";
import { Refused, send } from "./server.js";
import { showSnackbar } from "./snackbar.js";

/** Each answers `{status}` once it is closed. */
const OPENERS = {
  custom_modal: openCustomModal,
  json_modal: async ({ client, surface, title, place, opener }) => {
    const { openJsonModal } = await import("./json_modal.js");
    return openJsonModal(client, surface, { title, place, opener });
  },
};

export function opensByName(kind) {
  return Object.hasOwn(OPENERS, kind);
}

/** OPEN_MODAL of a custom or JSON modal of the same app, in the place of the surface that asks. */
export async function openNamed(frame, { type, action_id: wanted, data }) {
  const client = frame.surface.client_id;
  const found = await send("/_host/action", { client_id: client, type, action_id: wanted });
  return OPENERS[type]({ client, ...found, place: frame.place, data, opener: frame });
}

async function openFromMenu(entry) {
  const { kind, client, surface, title } = entry.dataset;
  const place = JSON.parse(entry.closest("[data-place]").dataset.place);
  try {
    await OPENERS[kind]({ client, surface, title, place });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    showSnackbar(error.message);
  }
}

export function wireActions() {
  document.addEventListener("click", (event) => {
    const entry = event.target.closest("[data-open-surface]");
    if (entry) openFromMenu(entry);
  });
}
