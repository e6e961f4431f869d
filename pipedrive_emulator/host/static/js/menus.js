// Menu buttons: a button with `aria-controls` names its menu; arrows move, Esc and a click beside close.

function items(menu) {
  return [...menu.querySelectorAll('[role^="menuitem"]')];
}

function close(button, menu, { refocus = false } = {}) {
  menu.hidden = true;
  button.setAttribute("aria-expanded", "false");
  if (refocus) button.focus();
}

function open(button, menu) {
  menu.hidden = false;
  button.setAttribute("aria-expanded", "true");
  items(menu)[0]?.focus();
}

function move(menu, key) {
  const all = items(menu);
  const here = all.indexOf(document.activeElement);
  const steps = { ArrowDown: here + 1, ArrowUp: here - 1 + all.length, Home: 0, End: all.length - 1 };
  all[steps[key] % all.length]?.focus();
}

function wire(button) {
  const menu = document.getElementById(button.getAttribute("aria-controls"));
  button.addEventListener("click", () => (menu.hidden ? open(button, menu) : close(button, menu)));
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close(button, menu, { refocus: true });
    if (!["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
    event.preventDefault();
    move(menu, event.key);
  });
  menu.addEventListener("click", (event) => {
    if (event.target.closest('[role="menuitem"]')) close(button, menu, { refocus: true });
  });
  const leave = (event) => {
    const isInside = event.target instanceof Node && (menu.contains(event.target) || button.contains(event.target));
    if (!menu.hidden && !isInside) close(button, menu);
  };
  document.addEventListener("pointerdown", leave);
  document.addEventListener("focusin", leave);
  // A click into an app's iframe reaches this window only as the loss of its focus.
  window.addEventListener("blur", leave);
}

/** Wire the menus that are new on the page. */
export function wireMenus() {
  for (const button of document.querySelectorAll("[aria-haspopup=menu]:not([data-wired])")) {
    button.dataset.wired = "";
    wire(button);
  }
}
