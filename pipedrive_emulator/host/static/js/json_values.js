// What the blocks of a JSON modal hold, and which of them are seen because of it.

const SILENT = new Set(["text", "separator"]);

export function holdsValue(block) {
  return !SILENT.has(block.kind);
}

export function isEmpty(value) {
  return value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

/** What a block submits before anybody has touched it. */
export function startValue({ kind, options }) {
  if (options.value !== undefined) return options.value;
  if (kind === "checkbox-group") return [];
  return kind === "select" || kind === "radio-group" ? null : "";
}

function same(left, right) {
  return String(left) === String(right);
}

function meets(value, condition) {
  if (condition === "not_empty") return !isEmpty(value);
  if ("equals" in condition) {
    return Array.isArray(value) ? value.some((one) => same(one, condition.equals)) : same(value, condition.equals);
  }
  if (Array.isArray(value)) return value.some((one) => same(one, condition.includes));
  return typeof value === "string" && value.includes(condition.includes);
}

/** All conditions must hold. */
export function isVisible({ visibleOn = "always" }, values) {
  if (typeof visibleOn === "string") return visibleOn === "always";
  return Object.entries(visibleOn).every(([key, condition]) => meets(values[key], condition));
}

/** The body of a request: blocks that are seen, and those that never are, which carry what the app needs. */
export function submitted(blocks, values) {
  const sent = blocks.filter(
    (block) => holdsValue(block) && (block.options.visibleOn === "never" || isVisible(block.options, values)),
  );
  return Object.fromEntries(sent.map((block) => [block.key, values[block.key]]));
}

/** Keys of the seen blocks that must be filled in and are not. */
export function missing(blocks, values) {
  return blocks
    .filter((block) => holdsValue(block) && block.options.isRequired && isVisible(block.options, values))
    .filter((block) => isEmpty(values[block.key]))
    .map((block) => block.key);
}
