/** Cuts a text at commas that are not within brackets or double quotes; empty parts are left out. */
export function splitTopLevel(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let index = 0; index <= text.length; index++) {
    const character = text[index];
    if (character === '"') quoted = !quoted;
    else if (!quoted && (character === '(' || character === '[' || character === '{')) depth++;
    else if (!quoted && (character === ')' || character === ']' || character === '}')) depth--;
    if (index < text.length && (character !== ',' || depth > 0 || quoted)) continue;
    const part = text.slice(start, index).trim();
    if (part !== '') parts.push(part);
    start = index + 1;
  }
  return parts;
}

/** Whether all brackets and quotes of a text are closed. */
export function isBalanced(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    else if (!quoted && (character === '(' || character === '[' || character === '{')) depth++;
    else if (!quoted && (character === ')' || character === ']' || character === '}')) depth--;
    if (depth < 0) return false;
  }
  return depth === 0 && !quoted;
}
