// Light or dark, remembered for this user by the server.

import { send } from "./server.js";

export function currentTheme() {
  return document.documentElement.dataset.theme;
}

/** Wire the switch of the user menu; `onChange` hears of every new theme. */
export function wireTheme(onChange) {
  const control = document.querySelector("[data-theme-switch]");
  control?.addEventListener("click", async () => {
    const theme = currentTheme() === "dark" ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
    control.setAttribute("aria-checked", String(theme === "dark"));
    onChange(theme);
    await send("/_host/theme", { theme });
  });
}
