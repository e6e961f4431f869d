// An app that is not ours: Pipedrive's own client and SDK, Node and nothing else, after their READMEs.
// Only addresses and credentials come from outside, as with any app: see settings.cjs.
const http = require("node:http");
const fs = require("node:fs");
const path = require("node:path");
const { verify, isBasic } = require("./trust.cjs");
const { Installations } = require("./installations.cjs");
const settings = require("./settings.cjs");

const SDK = path.join(path.dirname(require.resolve("@pipedrive/app-extensions-sdk")), "index.umd.js");
const FILES = {
  "/sdk.js": [SDK, "text/javascript"],
  "/panel.js": [path.join(__dirname, "panel.js"), "text/javascript"],
};
const installations = new Installations(settings);
const events = [];

const ROUTES = {
  "GET /oauth/callback": async ({ query }) => {
    const { name, company } = await installations.install(query.get("code"));
    return { status: 200, text: `Installed for ${name} of ${company}` };
  },
  "DELETE /oauth/callback": async ({ headers, body }) => {
    if (!isBasic(headers.authorization, settings.clientId, settings.clientSecret)) return { status: 401 };
    installations.forget(JSON.parse(body));
    return { status: 200 };
  },
  "GET /panel": async ({ query }) => {
    if (!verify(query.get("token"), settings.clientSecret)) return { status: 401, text: "Who is asking?" };
    return { status: 200, type: "text/html", text: fs.readFileSync(path.join(__dirname, "panel.html")) };
  },
  "GET /deal": signed(async (user, { query }) => installations.of(user).deal(Number(query.get("id")))),
  "POST /deal": signed(async (user, { query, body }) => {
    return installations.of(user).rename(Number(query.get("id")), JSON.parse(body).title);
  }),
  "GET /events": signed(async (user) => events.filter((event) => event.meta.company_id === String(user.companyId))),
  "POST /webhooks": async ({ headers, body }) => {
    if (!isBasic(headers.authorization, ...settings.webhookLogin)) return { status: 401 };
    events.push(JSON.parse(body));
    return { status: 200 };
  },
};

// What the panel's script asks for: with a fresh token of GET_SIGNED_TOKEN, never with ids from its address.
function signed(handle) {
  return async (request) => {
    const user = verify(request.headers.authorization?.replace(/^Bearer /, ""), settings.clientSecret);
    if (!user) return { status: 401, text: "Who is asking?" };
    return { status: 200, type: "application/json", text: JSON.stringify(await handle(user, request)) };
  };
}

async function answer(incoming) {
  const { pathname, searchParams } = new URL(incoming.url, "http://app");
  if (FILES[pathname]) return { status: 200, type: FILES[pathname][1], text: fs.readFileSync(FILES[pathname][0]) };
  const route = ROUTES[`${incoming.method} ${pathname}`];
  if (!route) return { status: 404 };
  const parts = [];
  for await (const part of incoming) parts.push(part);
  return route({ query: searchParams, headers: incoming.headers, body: Buffer.concat(parts).toString() });
}

const server = http.createServer((incoming, outgoing) => {
  answer(incoming)
    .catch((error) => ({ status: 500, text: error.stack ?? JSON.stringify(error) }))
    .then(({ status, type = "text/plain", text = "" }) => {
      if (status === 500) process.stderr.write(`${text}\n`);
      outgoing.writeHead(status, { "Content-Type": `${type}; charset=utf-8` }).end(text);
    });
});
server.listen(settings.port, "127.0.0.1", () => {
  settings.url = `http://127.0.0.1:${server.address().port}`;
  process.stdout.write(`Foreign app ready on ${settings.url}\n`);
});
