// Who is asking: the JWT that Pipedrive signs for an iframe (HS256), and Basic credentials.
const crypto = require("node:crypto");

// The payload of a token that is genuine and fresh, else null.
function verify(token, secret) {
  const [header, payload, signature] = String(token).split(".");
  const expected = crypto.createHmac("sha256", secret).update(`${header}.${payload}`).digest("base64url");
  if (!isSame(expected, signature ?? "")) return null;
  if (JSON.parse(Buffer.from(header, "base64url")).alg !== "HS256") return null;
  const claims = JSON.parse(Buffer.from(payload, "base64url"));
  return claims.exp * 1000 > Date.now() ? claims : null;
}

const isBasic = (authorization, user, password) =>
  isSame(`Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`, authorization ?? "");

function isSame(one, other) {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && crypto.timingSafeEqual(left, right);
}

module.exports = { verify, isBasic };
