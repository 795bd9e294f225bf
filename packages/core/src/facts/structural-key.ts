/** Values larger than this are compared by identity: writing them down would cost more than it saves. */
const LARGEST = 400;

/**
 * A text that is equal for equal values; undefined for values that are large or are more than plain data (maps, sets,
 * parsed documents), which only equal themselves.
 */
export function structuralKey(value: unknown): string | undefined {
  const budget = { left: LARGEST };
  return isPlain(value, budget) ? JSON.stringify(value) : undefined;
}

function isPlain(value: unknown, budget: { left: number }): boolean {
  if (budget.left-- <= 0) return false;
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every((item) => isPlain(item, budget));
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  for (const key in value)
    if (!isPlain((value as Readonly<Record<string, unknown>>)[key], budget)) return false;
  return true;
}
