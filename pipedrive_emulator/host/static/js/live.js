// Keeps the page true: when the company's revision moves on, its live regions are drawn anew.

import { read } from "./server.js";

const PAUSE_MILLISECONDS = 700;

function focusKey() {
  return document.activeElement?.id || null;
}

/** Replace each live region whose markup differs; frames stay because panels are not live. */
function swap(fresh) {
  const focused = focusKey();
  for (const region of document.querySelectorAll("[data-live]")) {
    const next = fresh.querySelector(`[data-live="${region.dataset.live}"]`);
    if (!next || next.isEqualNode(region)) continue;
    region.replaceWith(document.adoptNode(next));
  }
  document.dispatchEvent(new CustomEvent("host:redrawn"));
  if (focused && focusKey() !== focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

async function redraw() {
  const address = window.location.href;
  const response = await fetch(address, { cache: "no-store" });
  if (response.redirected) {
    window.location.reload();
    return;
  }
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  // The user has gone to another page meanwhile.
  if (window.location.href !== address) return;
  document.title = fresh.title;
  swap(fresh);
}

function showOutage(isOut) {
  document.querySelector("[data-outage]").hidden = !isOut;
}

/** Follow the server's revision until the page goes away. */
export function keepLive() {
  let known = document.body.dataset.revision;
  let queue = Promise.resolve();

  const look = async () => {
    try {
      const { revision } = await read("/_host/revision");
      if (revision !== known) {
        await redraw();
        known = revision;
      }
      showOutage(false);
    } catch (error) {
      if (error.status === 401) window.location.reload();
      showOutage(true);
    }
  };
  const lookInTurn = () => {
    queue = queue.then(look);
    return queue;
  };
  const tick = async () => {
    await lookInTurn();
    setTimeout(tick, PAUSE_MILLISECONDS);
  };

  document.addEventListener("host:changed", lookInTurn);
  tick();
}
