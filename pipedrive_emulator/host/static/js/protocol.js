// The wire protocol of the official SDK: who may speak, what a message means, how it is answered.

import { noteCommand, noteIgnored, noteListener, noteTrack } from "./drawer_tape.js";

/** Events that the host pushes; the SDK watches `page_visibility_state` by itself. */
const EVENTS = new Set(["visibility", "close_custom_modal", "user_settings_change"]);

/** `{kind, ...}` for a message of the SDK, `null` for anything else. */
export function parseMessage(message) {
  const payload = message?.payload;
  if (typeof message?.id !== "string" || typeof payload !== "object" || payload === null) return null;
  const { type, command, args, event } = payload;
  if (type === "command" && typeof command === "string") return { kind: type, command, args };
  if (type === "listener" && typeof event === "string") return { kind: type, event };
  if (type === "track" && typeof event === "string") return { kind: type, event };
  return null;
}

/** Why a message is not accepted as coming from `frame`, or `null` when it is. */
export function suspicion(frame, { origin, data }) {
  if (origin !== frame.origin) return `its origin is ${origin}, the surface was loaded from ${frame.origin}`;
  if (data.id !== frame.id) return `its id is ${data.id}, the surface was given ${frame.id}`;
  return null;
}

async function runCommand(frame, { command, args }, commands) {
  const handler = Object.hasOwn(commands, command) ? commands[command] : null;
  if (!handler) throw new Error(`Pipedrive knows no command "${command}"`);
  if (!frame.initialized && command !== "initialize") throw new Error("The surface is not initialized");
  return handler(frame, args);
}

/** Exactly one reply, always an object: the SDK takes it apart without looking. */
async function replyTo(frame, message, port, commands) {
  const start = performance.now();
  const answer = {};
  try {
    const data = await runCommand(frame, message, commands);
    if (data !== undefined) answer.data = data;
  } catch (error) {
    console.warn(`${frame.title}: ${message.command} was refused: ${error.message}`);
    answer.error = error.message || "The command failed";
  }
  port.postMessage(answer);
  port.close();
  noteCommand(frame, message, answer, performance.now() - start);
}

function keepListener(frame, { event }, port) {
  const error = EVENTS.has(event) ? null : `Pipedrive sends no event "${event}"`;
  noteListener(frame, { event }, error);
  if (error) port.postMessage({ error });
  else frame.keep(event, port);
}

/**
 * Answer the SDK inside `frames` (a function giving the frames of this moment).
 *
 * A message counts only when it comes from the window, the origin and the runtime id of one frame,
 * because the SDK itself posts to "*". `commands` maps a wire name to `(frame, args) => response`.
 */
export function listenToFrames(frames, commands) {
  window.addEventListener("message", (event) => {
    const frame = frames().find((candidate) => candidate.window === event.source);
    const message = parseMessage(event.data);
    if (!frame || !message) return;
    const reason = suspicion(frame, event);
    if (reason) {
      console.warn(`${frame.title}: a message was ignored: ${reason}`);
      noteIgnored(frame, reason);
      return;
    }
    const [port] = event.ports;
    if (message.kind === "command" && port) replyTo(frame, message, port, commands);
    if (message.kind === "listener" && port) keepListener(frame, message, port);
    if (message.kind === "track") noteTrack(frame, message);
  });
}
