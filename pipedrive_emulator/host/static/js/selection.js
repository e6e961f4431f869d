// Tick boxes of a list: one by one, all, or all but some; what is ticked goes to the entries of apps.

let tools = null;
const state = { all: false, some: new Set() };

function boxes() {
  return [...document.querySelectorAll("[data-row]")];
}

function isTicked(id) {
  return state.all !== state.some.has(id);
}

/** As in the query of a link action: with select-all, the ids are those that were unticked. */
function place() {
  const ids = [...state.some].join(",");
  return {
    resource: tools.dataset.resource,
    view: "list",
    selected_ids: state.all ? "" : ids,
    excluded_ids: state.all ? ids : "",
    filter: JSON.parse(tools.dataset.filter),
  };
}

function linkQuery({ resource, view, selected_ids: selectedIds, excluded_ids: excludedIds, filter }) {
  return new URLSearchParams({ resource, view, selectedIds, excludedIds, filter: JSON.stringify(filter) });
}

/** Make the page say what is ticked; also after the list was drawn anew. */
function draw() {
  if (!tools?.isConnected) return;
  const all = boxes();
  for (const box of all) box.checked = isTicked(box.dataset.row);
  const count = all.filter((box) => box.checked).length;
  const whole = document.querySelector("[data-select-all]");
  if (whole) Object.assign(whole, { checked: count > 0 && count === all.length, indeterminate: count > 0 && count < all.length });
  tools.hidden = count === 0;
  tools.querySelector("[data-count]").textContent = `${count} selected`;
  tools.dataset.place = JSON.stringify(place());
  for (const link of tools.querySelectorAll("[data-link-action]")) {
    link.href = `${link.dataset.linkAction}?${linkQuery(place())}`;
  }
}

function tick(box) {
  const id = box.dataset.row;
  if (id === undefined) {
    state.all = box.checked;
    state.some.clear();
  } else if (box.checked === state.all) {
    state.some.delete(id);
  } else {
    state.some.add(id);
  }
}

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-row], [data-select-all]")) return;
  tick(event.target);
  draw();
});
document.addEventListener("host:redrawn", draw);

/** Start with nothing ticked in the list of this page, if it has one that can be ticked. */
export function wireSelection() {
  tools = document.querySelector("[data-selection]");
  state.all = false;
  state.some.clear();
  draw();
}
