// Changing the page. Where an app has a floating window, the page changes around it, so that a call goes on.

import { liveFrames } from "./frames.js";

/** These lead out of this user's pages, or answer with something else than a page. */
const OUTSIDE = /^\/(login|logout|oauth|app-extensions|_host|_emulator)(\/|$)/;

/** The links that sign in as somebody else and come back to this page. */
const SWITCHES = '.bar a[href^="/login"]';

function windowNames(page) {
  return [...page.querySelectorAll("[data-floating]")].map((one) => one.dataset.client).join(" ");
}

function isPage(url) {
  return url.origin === window.location.origin && !OUTSIDE.test(url.pathname);
}

function leave() {
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close("");
  for (const frame of liveFrames()) if (frame.kind !== "floating_window") frame.close();
}

/** Take over what belongs to a page; the bar with the dock, the windows and the messages stay. */
function swap(fresh) {
  document.title = fresh.title;
  for (const part of ["[data-content]", ".rail", ".bar-place"]) {
    document.querySelector(part).replaceWith(document.adoptNode(fresh.querySelector(part)));
  }
  const links = fresh.querySelectorAll(SWITCHES);
  for (const [place, link] of document.querySelectorAll(SWITCHES).entries()) link.href = links[place].href;
}

/** A page around the same windows; anything else is loaded as a whole. */
async function read(address) {
  const response = await fetch(address, { cache: "no-store" }).catch(() => null);
  const fresh = response && new DOMParser().parseFromString(await response.text(), "text/html");
  const fits = fresh?.querySelector("[data-content]") && windowNames(fresh) === windowNames(document);
  return fits ? { fresh, address: response.url } : null;
}

async function arrive(address) {
  const page = await read(address);
  if (window.location.href !== address) return;
  if (!page) {
    window.location.assign(address);
    return;
  }
  leave();
  swap(page.fresh);
  window.history.replaceState(null, "", page.address);
  window.scrollTo(0, 0);
  // Who is in the bar or in a window by now stays there.
  if (document.activeElement === document.body) document.getElementById("main").focus({ preventScroll: true });
  document.dispatchEvent(new CustomEvent("host:arrived"));
}

/** Go to a page of this host, around the floating windows where there are some. */
export function go(path) {
  const url = new URL(path, window.location.href);
  if (!windowNames(document) || !isPage(url)) {
    window.location.assign(path);
    return;
  }
  window.history.pushState(null, "", url);
  arrive(url.href);
}

function isPlainClick(event) {
  return event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
}

/** Follow links and the browser's Back; `onArrival` wires what the new page brought. */
export function wireNavigation(onArrival) {
  document.addEventListener("host:arrived", onArrival);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || !isPlainClick(event) || link.target || link.protocol === "tel:") return;
    const url = new URL(link.href);
    if (!windowNames(document) || !isPage(url) || (url.hash && url.pathname === window.location.pathname)) return;
    event.preventDefault();
    go(link.href);
  });
  window.addEventListener("popstate", () => arrive(window.location.href));
}
