// What the developer drawer knows: the ledger's entries from the server, the messages from this page's tape.

import { messages } from "./drawer_tape.js";
import { read } from "./server.js";

const MOST = 500;

const rows = new Map();
let last = 0;
let names = {};
/** From this browser's clock to the user's wall in the emulator, which may be days ahead. */
let ahead = 0;

function wallClock(at) {
  return new Date(at + ahead).toISOString().slice(11, 23);
}

function forgetOldest() {
  for (const row of rowsOf().slice(0, -MOST)) rows.delete(row.key);
}

/** Every row that is known, the oldest first. */
export function rowsOf() {
  return [...rows.values()].sort((one, other) => one.at - other.at);
}

/** Ask the server what is new, and take the messages in; answers the budget of the day. */
export async function gather() {
  const news = await read(`/_host/drawer?since=${last}`);
  ({ last, apps: names, ahead } = news);
  for (const row of news.rows) rows.set(row.key, row);
  for (const message of messages()) {
    if (rows.has(message.key)) continue;
    rows.set(message.key, { ...message, app: names[message.client] ?? message.client, time: wallClock(message.at) });
  }
  forgetOldest();
  return news.budget;
}
