// Modal dialogs on <dialog>: the browser keeps the focus inside and closes on Esc.

import { keepSnackbars } from "./snackbar.js";

/**
 * Show `content` in a modal dialog until something closes it with a return value.
 *
 * Resolves to that value, "" when it was dismissed with Esc, the cross or a click beside it.
 */
export function showDialog(content, { label, className = "dialog" } = {}) {
  const opener = document.activeElement;
  const dialog = document.createElement("dialog");
  dialog.className = className;
  dialog.setAttribute("aria-label", label);
  dialog.append(content);
  document.body.append(dialog);
  dialog.addEventListener("click", (event) => {
    if (event.target.closest("[data-dialog-close]")) dialog.close("");
  });
  dialog.addEventListener("pointerdown", (event) => {
    if (event.target === dialog) dialog.close("");
  });
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      keepSnackbars(dialog);
      dialog.remove();
      // Browsers give the focus back to a button, but not to an iframe.
      if (document.activeElement === document.body) opener?.focus();
      resolve(dialog.returnValue);
    });
  });
}

function element(name, properties, ...children) {
  const node = Object.assign(document.createElement(name), properties);
  node.append(...children);
  return node;
}

/** Pipedrive's colour names for the confirming button. */
const COLOURS = { primary: "button-primary", secondary: "", negative: "button-negative" };

function confirmationBody({ title, description, okText = "OK", cancelText = "Cancel", okColor = "negative" }) {
  const choose = (value, text, style) =>
    element("button", { value, textContent: text, className: `button ${style}` });
  const actions = element(
    "div",
    { className: "dialog-actions" },
    choose("", cancelText, ""),
    choose("confirmed", okText, COLOURS[okColor] ?? COLOURS.negative),
  );
  const text = description ? [element("p", { textContent: description })] : [];
  return element("form", { method: "dialog" }, element("h2", { textContent: title }), ...text, actions);
}

/** Ask a yes-or-no question; anything but the confirming button is a no. */
export async function confirm(options) {
  const answer = await showDialog(confirmationBody(options), { label: options.title, className: "dialog dialog-narrow" });
  return answer === "confirmed";
}
