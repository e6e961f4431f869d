// One row of the developer drawer: a line that opens its details.

const GROUPS = {
  page: "Page and app",
  api: "API",
  json: "JSON",
  webhook: "Webhook",
  token: "Token",
  oauth: "OAuth",
  fault: "Fault",
  other: "Other",
};

function element(name, className, ...children) {
  const node = document.createElement(name);
  node.className = className;
  node.append(...children);
  return node;
}

function hidden(words) {
  return element("span", "visually-hidden", words);
}

function cell(className, text, words = "") {
  return element("span", className, ...(text === "" ? [] : [String(text), ...(words ? [hidden(words)] : [])]));
}

function words(value) {
  return typeof value === "object" && value !== null ? JSON.stringify(value, null, 2) : String(value);
}

function copyButton(curl) {
  const button = element("button", "button", "Copy as curl");
  button.type = "button";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(curl).catch(() => {});
    button.textContent = "Copied";
  });
  return button;
}

/** Built only when a row is opened: most never are. */
function details(row) {
  const list = element("dl", "drawer-facts");
  for (const [name, value] of row.facts) {
    const isLong = typeof value === "object" && value !== null;
    list.append(element("dt", "", name), element("dd", "", isLong ? element("pre", "", words(value)) : words(value)));
  }
  const hint = row.hint ? [element("p", `drawer-hint ${row.tone}`, row.hint)] : [];
  const curl = row.curl ? [element("pre", "drawer-curl", row.curl), copyButton(row.curl)] : [];
  return element("div", "drawer-details", ...hint, list, ...curl);
}

function line(row) {
  const button = element(
    "button",
    "drawer-row",
    cell("drawer-time", row.time),
    element("span", `chip-mark chip-${row.group}`, GROUPS[row.group] ?? row.group),
    cell("drawer-title", row.title),
    cell("drawer-app", row.app),
    cell(`drawer-result ${row.tone}`, row.result),
    cell("number", row.cost ?? "", " API tokens"),
    cell("number", row.ms ?? "", " milliseconds"),
  );
  button.type = "button";
  button.title = row.title;
  button.setAttribute("aria-expanded", "false");
  return button;
}

/** A list item for the row; the first click makes its details. */
export function draw(row) {
  const button = line(row);
  const isProblem = row.tone === "negative" || row.tone === "warning";
  const item = element("li", isProblem ? `drawer-problem ${row.tone}` : "", button);
  if (row.hint && isProblem) button.append(element("span", "drawer-why", row.hint));
  button.addEventListener("click", () => {
    const isOpen = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!isOpen));
    if (isOpen) item.lastElementChild.remove();
    else item.append(details(row));
  });
  return item;
}
