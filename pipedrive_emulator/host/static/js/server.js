// The page's talk with its own server: JSON under /_host, always as the signed-in user.

/** A refusal whose message is a sentence fit for the person at the screen. */
export class Refused extends Error {
  constructor(message, { status = 0, fields = {} } = {}) {
    super(message);
    this.name = "Refused";
    this.status = status;
    this.fields = fields;
  }
}

async function answer(path, options) {
  try {
    return await fetch(path, { credentials: "same-origin", cache: "no-store", ...options });
  } catch {
    throw new Refused("The emulator does not answer. Is it still running?");
  }
}

async function refusal(response) {
  const body = await response.json().catch(() => ({}));
  const message = body.error ?? `The emulator answered ${response.status}.`;
  return new Refused(message, { status: response.status, fields: body.fields });
}

export async function read(path) {
  const response = await answer(path, {});
  if (!response.ok) throw await refusal(response);
  return response.json();
}

export async function readText(path) {
  const response = await answer(path, {});
  if (!response.ok) throw await refusal(response);
  return response.text();
}

async function post(path, body) {
  const response = await answer(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw await refusal(response);
  return response;
}

export async function send(path, body) {
  return (await post(path, body)).json();
}

/** For answers that are drawn by the server. */
export async function sendForText(path, body) {
  return (await post(path, body)).text();
}
