// Opens and closes the developer drawer. What it shows is drawn by a module that a closed drawer never loads.

const KEY = "developer-drawer";

function drawer() {
  return document.querySelector("[data-drawer]");
}

function draw(isOpen) {
  drawer().hidden = !isOpen;
  document.documentElement.toggleAttribute("data-drawer-open", isOpen);
  document.querySelector("[data-drawer-toggle]").setAttribute("aria-expanded", String(isOpen));
}

/** Open it and look, or close it and look no more; remembered for this tab. */
async function toggle(isOpen, { focus = true } = {}) {
  sessionStorage.setItem(KEY, isOpen ? "open" : "");
  draw(isOpen);
  const { look, lookAway } = await import("./drawer_view.js");
  if (drawer().hidden) lookAway();
  else look(drawer());
  if (focus) document.querySelector(isOpen ? "[data-drawer-text]" : "[data-drawer-toggle]").focus();
}

export function wireDrawer() {
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-drawer-toggle]")) toggle(drawer().hidden);
    if (event.target.closest("[data-drawer-close]")) toggle(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.code === "Backquote") toggle(drawer().hidden);
    if (event.key === "Escape" && drawer().contains(event.target) && !event.defaultPrevented) toggle(false);
  });
  if (sessionStorage.getItem(KEY)) toggle(true, { focus: false });
}
