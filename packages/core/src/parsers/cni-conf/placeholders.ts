/** A word such as `__CNI_MTU__` that stands where a JSON value should be. */
export interface Placeholder {
  readonly name: string;
  readonly line: number;
}

/**
 * Strings are matched as a whole, so that what stands inside them is left alone. The closing quote may lack, so that damaged
 * text is not searched again and again from each of its quotes.
 */
const STRING_OR_PLACEHOLDER = /"(?:[^"\\\n]|\\.){0,65536}"?|__[A-Za-z0-9_]{1,200}__|\n/g;

/** Puts `null` in place of the placeholders outside of strings. */
export function fillPlaceholders(text: string): {
  readonly text: string;
  readonly placeholders: readonly Placeholder[];
} {
  const placeholders: Placeholder[] = [];
  let line = 1;
  const filled = text.replace(STRING_OR_PLACEHOLDER, (found) => {
    if (found === '\n') line++;
    if (!found.startsWith('_')) return found;
    placeholders.push({ name: found, line });
    return 'null';
  });
  return { text: filled, placeholders };
}
