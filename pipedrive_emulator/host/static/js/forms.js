// Pipedrive's own forms (activity, deal, person, organization ...), drawn by the server, shown in a dialog.

import { showDialog } from "./dialogs.js";
import { readText, send } from "./server.js";

function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
}

function showProblems(form, error) {
  const summary = form.querySelector("[data-form-error]");
  summary.textContent = error.message;
  summary.hidden = false;
  for (const field of form.elements) {
    const problem = error.fields?.[field.name];
    field.toggleAttribute?.("aria-invalid", Boolean(problem));
  }
  form.querySelector("[aria-invalid]")?.focus();
}

async function submit(form, path) {
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  try {
    const { id } = await send(path, Object.fromEntries(new FormData(form)));
    form.closest("dialog").close(String(id));
  } catch (error) {
    showProblems(form, error);
  } finally {
    button.disabled = false;
  }
}

/**
 * Let the user fill in a form; resolves to the id of the saved record, or `null` when it was left.
 *
 * `prefill` are the SDK's own keys; `record` is the id of a record to change instead of a new one.
 */
export async function openForm(name, { prefill = {}, record = null } = {}) {
  const path = `/_host/forms/${name}${record === null ? "" : `/${record}`}`;
  const form = parse(await readText(`${path}?prefill=${encodeURIComponent(JSON.stringify(prefill))}`));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(form, path);
  });
  const saved = await showDialog(form, { label: form.dataset.title });
  if (saved) document.dispatchEvent(new CustomEvent("host:changed"));
  return saved ? Number(saved) : null;
}
