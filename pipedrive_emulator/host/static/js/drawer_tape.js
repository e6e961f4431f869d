// What the page and the iframes say to each other, for the developer drawer: the last messages, tokens veiled.

const MOST = 400;
const rows = [];
let count = 0;
let listener = null;

/** A signed token shows its claims, which are no secret, and never its signature. */
function claimsOf(token) {
  try {
    const claims = token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    return JSON.parse(atob(claims));
  } catch {
    return null;
  }
}

function veil(name, value) {
  if (name !== "token" || typeof value !== "string") return value;
  const claims = claimsOf(value);
  return claims ? { hidden: "a signed token", claims } : "a hidden token";
}

/** A copy as it was at this moment; what JSON cannot say is said in a word. */
function copy(value) {
  if (value === undefined) return undefined;
  try {
    return JSON.parse(JSON.stringify(value, veil));
  } catch {
    return String(value);
  }
}

function put(frame, title, { tone = "", result = "", ms = null, hint = "", ...facts }) {
  const shown = Object.entries(facts).map(([name, value]) => [name, copy(value)]);
  count += 1;
  const row = { key: `m${count}`, at: performance.timeOrigin + performance.now(), group: "page", client: frame.surface.client_id, title: `${frame.title} ${title}`, tone, result };
  rows.push({ ...row, ms, hint, cost: null, curl: "", facts: [["surface", frame.surface.surface], ...shown.filter(([, value]) => value !== undefined)] });
  if (rows.length > MOST) rows.shift();
  listener?.();
}

/** The messages that are still known, oldest first; `at` is milliseconds of the browser's clock. */
export function messages() {
  return rows;
}

/** Hear of every new message; `null` ends it. */
export function onMessage(callback) {
  listener = callback;
}

/** An iframe was put in; the query is shown, its token only by its claims. */
export function noteLoad(frame, url) {
  const { origin, pathname, searchParams } = new URL(url);
  put(frame, `loads ${origin}${pathname}`, { query: Object.fromEntries(searchParams) });
}

/** A command and what became of it; `answer` is `{data}` or `{error}`. */
export function noteCommand(frame, { command, args }, answer, ms) {
  const { error, data } = answer;
  const outcome = error === undefined ? { tone: "positive", result: "ok" } : { tone: "negative", result: "refused" };
  put(frame, `→ ${command}`, { ...outcome, ms: Math.round(ms), hint: error ?? "", args, answer: data });
}

export function noteListener(frame, { event }, error) {
  const outcome = error ? { tone: "negative", result: "refused", hint: error } : { result: "ok" };
  put(frame, `→ listens to ${event}`, outcome);
}

export function noteTrack(frame, { event }) {
  put(frame, `→ track ${event}`, { hint: "Pipedrive's own statistics; nothing is answered." });
}

/** An event for the app, and how many listeners heard it. */
export function noteEvent(frame, event, data, heard) {
  const hint = heard ? "" : "No listener yet: the app has to call sdk.listen() before.";
  put(frame, `← ${event}`, { tone: heard ? "positive" : "warning", result: heard ? "sent" : "unheard", hint, data, listeners: heard });
}

export function noteIgnored(frame, reason) {
  const hint = "A message counts only from the iframe's own origin and with the id of this load.";
  put(frame, "→ a message that is ignored", { tone: "negative", result: "ignored", hint, reason });
}
