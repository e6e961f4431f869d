// How large a surface may be, in CSS pixels, and what becomes of a request outside of that.

/** Bounds of each kind of surface at this moment. A side without bounds here keeps its size. */
const BOUNDS = {
  custom_panel: () => ({ height: [100, 750] }),
  custom_modal: () => ({ height: [120, window.innerHeight], width: [320, window.innerWidth] }),
  floating_window: () => ({ height: [70, 700], width: [200, 800] }),
  settings_page: () => ({ height: [100, 10_000] }),
};

export function boundsOf(kind) {
  return BOUNDS[kind]();
}

function problemWith(name, value, bounds) {
  if (typeof value !== "number" || !Number.isFinite(value)) {
    return `${name} must be a number of pixels, not ${JSON.stringify(value)}`;
  }
  const [least, most] = bounds;
  return value < least || value > most ? `${name} ${value} is outside ${least} to ${most}` : null;
}

function clamp(value, [least, most]) {
  return Math.min(most, Math.max(least, value));
}

/**
 * What a requested size leads to within the bounds of its surface: `{size, problems}`.
 *
 * `size` holds only the dimensions to apply. Under "reject" one bad dimension drops the whole request;
 * under "clamp" it is moved to the nearest bound. A value that is no number is never applied.
 */
export function settleSize(bounds, requested, policy) {
  const size = {};
  const problems = [];
  for (const [name, limits] of Object.entries(bounds)) {
    const value = requested?.[name];
    if (value === undefined || value === null) continue;
    const problem = problemWith(name, value, limits);
    if (problem) problems.push(problem);
    if (!problem) size[name] = value;
    else if (policy === "clamp" && Number.isFinite(value)) size[name] = clamp(value, limits);
  }
  return { size: problems.length && policy !== "clamp" ? {} : size, problems };
}
