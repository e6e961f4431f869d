// Short messages at the bottom of the page, read out politely.

const SECONDS_SHOWN = 6;

function safeLink({ url, label } = {}) {
  if (!URL.canParse(url ?? "", window.location.href)) return null;
  const target = new URL(url, window.location.href);
  if (!["http:", "https:"].includes(target.protocol)) return null;
  const link = document.createElement("a");
  Object.assign(link, { href: target.href, target: "_blank", rel: "noopener", textContent: label || target.host });
  return link;
}

function closeButton(remove) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "snackbar-close";
  button.setAttribute("aria-label", "Dismiss");
  button.textContent = "×";
  button.addEventListener("click", remove);
  return button;
}

/** It stays while the pointer or the focus is on it, so that a link can be reached. */
function leaveLater(bar) {
  let timer = null;
  const start = () => {
    timer = setTimeout(() => bar.remove(), SECONDS_SHOWN * 1000);
  };
  const stop = () => clearTimeout(timer);
  for (const type of ["pointerenter", "focusin"]) bar.addEventListener(type, stop);
  for (const type of ["pointerleave", "focusout"]) bar.addEventListener(type, start);
  start();
}

/** What is outside of an open dialog can neither be seen nor pressed, so messages move into it. */
function reachableBars() {
  const bars = document.querySelector("[data-snackbars]");
  const place = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
  if (bars.parentElement !== place) place.append(bars);
  return bars;
}

/** A dialog that goes away leaves the messages behind. */
export function keepSnackbars(dialog) {
  const bars = dialog.querySelector("[data-snackbars]");
  if (bars) document.body.append(bars);
}

/** Only the newest message is on screen, as in Pipedrive. */
export function showSnackbar(message, link = null) {
  const bar = document.createElement("div");
  bar.className = "snackbar";
  const text = document.createElement("span");
  text.textContent = message;
  bar.append(text, ...[link && safeLink(link)].filter(Boolean), closeButton(() => bar.remove()));
  reachableBars().replaceChildren(bar);
  leaveLater(bar);
}
