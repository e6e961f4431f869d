// The apps dock in the top bar: a puzzle icon with a list, the apps' own icons, and their badges.

import { FloatingWindow, phoneWindows, windowOf } from "./floating_window.js";

const counts = new Map();

/** `9+` in the dock and on the puzzle icon, `99+` in the list. */
function badge(number, most) {
  return number > most ? `${most}+` : String(number);
}

/** The words after the number are for those who hear the button's name. */
function write(element, number, most) {
  const words = document.createElement("span");
  words.className = "visually-hidden";
  words.textContent = " new";
  element.replaceChildren(...(number ? [badge(number, most), words] : []));
  element.hidden = !number;
}

/** SET_NOTIFICATION: 0 takes the badge away. */
export function setNotification(client, number) {
  counts.set(client, number);
  const total = [...counts.values()].reduce((sum, one) => sum + one, 0);
  for (const element of document.querySelectorAll("[data-badge]")) {
    const { badge: whose, most } = element.dataset;
    if (whose !== client && whose !== "all") continue;
    write(element, whose === "all" ? total : number, Number(most));
  }
}

function toggle(client) {
  const float = windowOf(client);
  if (!float.isVisible) float.show("user");
  else if (!float.focusMode) float.hide("user");
}

/** The context of a click on a phone number is not documented; a switch names its key. */
function phoneContext(key, number) {
  if (key === "none") return {};
  return key === "call_number" ? { call: { number } } : { [key]: number };
}

function call(number) {
  const [float] = phoneWindows();
  float?.show("user", phoneContext(float.frame.rules.phone_context ?? "none", number));
}

export function wireDock() {
  for (const element of document.querySelectorAll("[data-floating]")) {
    const float = new FloatingWindow(element);
    const button = document.querySelector(`[data-dock="${element.dataset.client}"]`);
    float.onChange = (isVisible) => button?.setAttribute("aria-pressed", String(isVisible));
    float.load();
  }
  document.addEventListener("click", (event) => {
    const control = event.target.closest("[data-dock], [data-dock-item], [data-phone]");
    if (!control) return;
    if ("phone" in control.dataset) call(control.dataset.phone);
    else toggle(control.dataset.dock ?? control.dataset.dockItem);
  });
}
