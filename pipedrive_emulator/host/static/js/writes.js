// Controls that change one record: `data-write="PATCH /api/v2/deals/1"` with the body in `data-body`.

import { confirm } from "./dialogs.js";
import { openForm } from "./forms.js";
import { Refused, send } from "./server.js";
import { showSnackbar } from "./snackbar.js";

async function write(control) {
  const [method, path] = control.dataset.write.split(" ");
  control.setAttribute("aria-busy", "true");
  try {
    await send("/_host/write", { method, path, body: JSON.parse(control.dataset.body) });
    if (control.dataset.done) showSnackbar(control.dataset.done);
  } finally {
    control.removeAttribute("aria-busy");
  }
  document.dispatchEvent(new CustomEvent("host:changed"));
}

async function uninstall(control) {
  const { client, title } = control.dataset;
  const confirmed = await confirm({
    title: `Uninstall ${title}?`,
    description: "The app loses its access to your data at once. You can install it again at any time.",
    okText: "Uninstall",
  });
  if (!confirmed) return;
  await send("/_host/uninstall", { client_id: client });
  showSnackbar(`${title} was uninstalled`);
  document.dispatchEvent(new CustomEvent("host:changed"));
}

async function share(control) {
  const { client, title, share: wanted } = control.dataset;
  const isShared = wanted === "on";
  await send("/_host/share", { client_id: client, is_shared: isShared });
  showSnackbar(isShared ? `${title} is shared with the company` : `${title} is shared no longer`);
  document.dispatchEvent(new CustomEvent("host:changed"));
}

function fillForm(control) {
  const { form, prefill = "{}", record = null } = control.dataset;
  return openForm(form, { prefill: JSON.parse(prefill), record });
}

const ACTIONS = { write, form: fillForm, uninstall, share };

/** One listener for the whole page, because live regions come and go. */
export function listenForWrites() {
  document.addEventListener("click", async (event) => {
    const control = event.target.closest("[data-write], [data-form], [data-uninstall], [data-share]");
    if (!control) return;
    const kind = Object.keys(ACTIONS).find((name) => name in control.dataset);
    try {
      await ACTIONS[kind](control);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      showSnackbar(error.message);
      if (control.type === "checkbox") control.checked = !control.checked;
    }
  });
}
