// The inside of the developer drawer: shows what happened, in the order of time, as far as it is wanted.

import { gather, rowsOf } from "./drawer_gathering.js";
import { draw } from "./drawer_rows.js";
import { onMessage } from "./drawer_tape.js";

const PAUSE_MILLISECONDS = 700;
const BOTTOM_PIXELS = 24;

let drawer = null;
let timer = null;
let clearedAt = 0;

function find(name) {
  return drawer.querySelector(`[data-drawer-${name}]`);
}

function isPressed(button) {
  return button.getAttribute("aria-pressed") === "true";
}

function groups() {
  return [...drawer.querySelectorAll("[data-drawer-group]")];
}

function wishes() {
  return {
    groups: new Set(groups().filter(isPressed).map((one) => one.dataset.drawerGroup)),
    onlyProblems: isPressed(find("problems")),
    app: find("app").value,
    text: find("text").value.trim().toLowerCase(),
  };
}

function isWanted(row, { groups: kinds, onlyProblems, app, text }) {
  if (!kinds.has(row.group) || (app && row.app !== app)) return false;
  if (onlyProblems && row.tone !== "negative" && row.tone !== "warning") return false;
  return !text || JSON.stringify([row.title, row.app, row.result, row.hint, row.facts]).toLowerCase().includes(text);
}

function offerApps(rows) {
  const select = find("app");
  const offered = new Set([...select.options].map((option) => option.value));
  for (const name of new Set(rows.map((row) => row.app))) if (!offered.has(name)) select.add(new Option(name, name));
}

function countGroups(rows) {
  for (const button of groups()) {
    const { drawerGroup: group, label } = button.dataset;
    const number = rows.filter((row) => row.group === group).length;
    button.textContent = number ? `${label} ${number}` : label;
  }
}

/** Elements that are there already stay, so that opened rows and the focus do too. */
function place(rows) {
  const list = find("rows");
  const there = new Map([...list.children].map((item) => [item.dataset.key, item]));
  const wanted = new Set(rows.map((row) => row.key));
  for (const [key, item] of there) if (!wanted.has(key)) item.remove();
  rows.forEach((row, position) => {
    const item = there.get(row.key) ?? draw(row);
    item.dataset.key = row.key;
    if (list.children[position] !== item) list.insertBefore(item, list.children[position] ?? null);
  });
}

function show() {
  const rows = rowsOf().filter((row) => row.at > clearedAt);
  const wish = wishes();
  const shown = rows.filter((row) => isWanted(row, wish));
  const body = find("body");
  const isAtEnd = body.scrollHeight - body.scrollTop - body.clientHeight < BOTTOM_PIXELS;
  offerApps(rows);
  countGroups(rows);
  place(shown);
  find("empty").hidden = shown.length > 0;
  if (isAtEnd) body.scrollTop = body.scrollHeight;
}

async function refresh() {
  if (isPressed(find("pause"))) return;
  const { left, limit } = await gather();
  const words = [left, limit].map((number) => number.toLocaleString("en-US"));
  find("budget").textContent = `${words[0]} of ${words[1]} API tokens left today`;
  show();
}

/** An outage is told by the page itself; the drawer goes on asking. */
async function tick() {
  clearTimeout(timer);
  await refresh().catch(() => {});
  clearTimeout(timer);
  if (!drawer.hidden) timer = setTimeout(tick, PAUSE_MILLISECONDS);
}

function press(button) {
  button.setAttribute("aria-pressed", String(!isPressed(button)));
}

function click(event) {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.hasAttribute("aria-pressed")) press(button);
  if ("drawerClear" in button.dataset) clearedAt = Date.now();
  if ("drawerPause" in button.dataset) tick();
  if (button.hasAttribute("aria-pressed") || "drawerClear" in button.dataset) show();
}

/** Up and down go from row to row, from the text field to the newest one. */
function step(event) {
  const row = event.target.closest("li > .drawer-row");
  if (!["ArrowUp", "ArrowDown"].includes(event.key) || !(row || event.target === find("text"))) return;
  event.preventDefault();
  const next = event.key === "ArrowUp" ? "previousElementSibling" : "nextElementSibling";
  const item = row ? row.parentElement[next] : find("rows").lastElementChild;
  item?.querySelector(".drawer-row").focus();
}

function wire() {
  drawer.addEventListener("click", click);
  drawer.addEventListener("keydown", step);
  for (const name of ["app", "text"]) find(name).addEventListener("input", show);
}

/** Look at what happens until `lookAway`. */
export function look(element) {
  if (!drawer) {
    drawer = element;
    wire();
  }
  onMessage(tick);
  tick();
}

export function lookAway() {
  onMessage(null);
  clearTimeout(timer);
}
