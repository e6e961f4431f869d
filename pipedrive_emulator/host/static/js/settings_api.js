// Personal preferences > API: the token is fetched only when it is wanted.

import { send } from "./server.js";
import { showSnackbar } from "./snackbar.js";

const DOTS = "•".repeat(40);

async function token() {
  const answer = await send("/_host/api-token", {});
  return answer.token;
}

async function show(button) {
  const isShown = button.getAttribute("aria-pressed") === "true";
  document.querySelector("[data-api-token]").value = isShown ? DOTS : await token();
  button.setAttribute("aria-pressed", String(!isShown));
  button.querySelector("span").textContent = isShown ? "Show" : "Hide";
}

async function copy() {
  await navigator.clipboard.writeText(await token());
  showSnackbar("The API token was copied");
}

export function wireApiToken() {
  document.addEventListener("click", (event) => {
    const control = event.target.closest("[data-token-show], [data-token-copy]");
    if (!control) return;
    const done = "tokenShow" in control.dataset ? show(control) : copy();
    done.catch((error) => showSnackbar(error.message));
  });
}
