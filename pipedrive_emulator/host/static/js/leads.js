// Leads: converting one to a deal takes a while in Pipedrive; the page asks until it is done.

import { go } from "./navigation.js";
import { read, send } from "./server.js";
import { showSnackbar } from "./snackbar.js";

const PAUSE_MILLISECONDS = 300;

function pause() {
  return new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS));
}

/** Resolves to the deal's id; throws when Pipedrive gives up. */
async function convert(lead) {
  const path = `/_host/leads/${lead}/convert`;
  const { conversion } = await send(path, {});
  for (;;) {
    const { status, deal } = await read(`${path}/${conversion}`);
    if (status === "completed") return deal;
    if (status === "failed" || status === "rejected") throw new Error(`The conversion was ${status}.`);
    await pause();
  }
}

export function wireLeads() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-convert]");
    if (!button) return;
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
    try {
      go(`/deal/${await convert(button.dataset.convert)}`);
    } catch (error) {
      showSnackbar(error.message);
      button.disabled = false;
      button.removeAttribute("aria-busy");
    }
  });
}
