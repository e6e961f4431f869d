// Calls every method of every API class, in the order of the scenarios, and prints what came of it as JSON.
const { Client } = require("./client.cjs");
const { Shapes } = require("./shapes.cjs");
const { resolve, Missing } = require("./values.cjs");
const SCENARIOS = require("./scenarios/index.cjs");

async function main(order) {
  const shapes = new Shapes();
  const client = new Client(order);
  await client.authorize(order.code);
  const kept = { ...order.kept };
  const calls = [];
  for (const { version, api, steps } of SCENARIOS) {
    for (const step of steps) calls.push(await take(step, { version, api, client, shapes, kept, order }));
  }
  const keys = Object.fromEntries([...shapes.methods.keys()].map((method) => [method, shapes.keys(method)]));
  return { keys, calls: calls.filter(Boolean), oauth2: await leave(client) };
}

// A step is [method, arguments, name to keep the data under]; the method may name another class or version.
async function take([name, written = {}, keep], { version: ofTable, api: own, client, shapes, kept, order }) {
  if (name === "clock") return advance(order.host, written);
  const [, version = ofTable, api = own, method] = /^(?:(v\d):)?(?:(\w+)\.)?(\w+)$/.exec(name);
  const full = `${version} ${api}.${method}`;
  if (!shapes.methods.has(full)) return { method: full, problems: [], failure: "the client has no such method" };
  try {
    const argument = resolve(written, kept);
    const wrong = shapes.argumentProblems(full, argument);
    if (wrong.length > 0) return { method: full, problems: [], failure: `scenario: ${JSON.stringify(wrong[0])}` };
    const { answer, ...exchange } = await client.call(version, api, method, argument);
    if (keep && exchange.status < 300) kept[keep] = answer.data;
    const problems = exchange.status < 300 ? shapes.answerProblems(full, answer) : [];
    return { method: full, ...exchange, problems };
  } catch (error) {
    if (error instanceof Missing) return { method: full, problems: [], failure: error.message };
    return { method: full, problems: [], failure: error.stack ?? JSON.stringify(error) };
  }
}

async function advance(host, seconds) {
  const body = JSON.stringify({ advance_seconds: seconds });
  const reply = await fetch(`${host}/_emulator/clock`, { method: "POST", body });
  if (!reply.ok) throw new Error(`clock: ${await reply.text()}`);
}

// OAuth2Configuration to its end: renew, use, revoke, and be refused.
async function leave(client) {
  const first = client.oauth2.accessToken;
  await client.oauth2.tokenRefresh();
  const me = await client.call("v1", "UsersApi", "getCurrentUser");
  await client.oauth2.revokeToken("refresh_token");
  const after = await client.call("v1", "UsersApi", "getCurrentUser");
  return { isNew: first !== client.oauth2.accessToken, status: me.status, afterRevoke: after.status };
}

main(JSON.parse(process.argv[2])).then(
  (seen) => process.stdout.write(JSON.stringify(seen)),
  (error) => {
    process.stderr.write(`${error.stack ?? JSON.stringify(error)}\n`);
    process.exitCode = 1;
  },
);
