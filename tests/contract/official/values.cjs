// Scenarios are data: "$deal.id" stands for what an earlier step has kept, {$file, ...} for an upload.
const zlib = require("node:zlib");

class Missing extends Error {}

function resolve(value, kept) {
  if (typeof value === "string" && /^\$\w/.test(value)) return look(value.slice(1).split("."), kept);
  if (Array.isArray(value)) return value.map((one) => resolve(one, kept));
  if (value === null || typeof value !== "object") return value;
  if ("$file" in value) return new File([value.png ? png(...value.png) : value.text], value.$file, { type: value.type });
  if ("$text" in value) return value.$text.map((part) => String(resolve(part, kept))).join("");
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, resolve(one, kept)]));
}

function look(names, kept) {
  const found = names.reduce((value, name) => value?.[name], kept);
  if (found === undefined) throw new Missing(`$${names.join(".")} is missing`);
  return found;
}

// A picture of one colour.
function png(width, height) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0], 8); // eight bits of grey
  const rows = Buffer.alloc((width + 1) * height, 0x80);
  for (let row = 0; row < height; row += 1) rows[row * (width + 1)] = 0; // no filter
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const chunks = [["IHDR", header], ["IDAT", zlib.deflateSync(rows)], ["IEND", Buffer.alloc(0)]];
  return Buffer.concat([signature, ...chunks.map(([name, data]) => chunk(name, data))]);
}

function chunk(name, data) {
  const named = Buffer.concat([Buffer.from(name), data]);
  const whole = Buffer.alloc(named.length + 8);
  whole.writeUInt32BE(data.length, 0);
  whole.set(named, 4);
  whole.writeUInt32BE(crc32(named), named.length + 4);
  return whole;
}

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

module.exports = { resolve, Missing };
