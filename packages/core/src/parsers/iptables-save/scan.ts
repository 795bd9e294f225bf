/** `[packets:bytes]` read from a text, and the position after it. */
export interface Counters {
  readonly packets: number;
  readonly bytes: number;
  readonly end: number;
}

const SPACE = 32;
const QUOTE = 34;
const DASH = 45;
const ZERO = 48;
const NINE = 57;
const BACKSLASH = 92;

/** Reads `[12:345]` at a position; undefined when something else stands there. */
export function readCounters(text: string, start: number, limit: number): Counters | undefined {
  if (text[start] !== '[') return undefined;
  const colon = endOfDigits(text, start + 1, limit);
  const close = endOfDigits(text, colon + 1, limit);
  if (colon === start + 1 || text[colon] !== ':') return undefined;
  if (close === colon + 1 || close >= limit || text[close] !== ']') return undefined;
  return {
    packets: Number(text.slice(start + 1, colon)),
    bytes: Number(text.slice(colon + 1, close)),
    end: close + 1,
  };
}

function endOfDigits(text: string, start: number, limit: number): number {
  let end = start;
  while (end < limit && isDigit(text.charCodeAt(end))) end++;
  return end;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

/** Position of the next space, or the limit. */
export function endOfWord(text: string, start: number, limit: number): number {
  let end = start;
  while (end < limit && text.charCodeAt(end) !== SPACE) end++;
  return end;
}

/** Where a rule names its target, and whether its quotes are closed. */
export interface TargetScan {
  /** Start of the name after the first `-j` or `-g`, or -1. */
  readonly start: number;
  readonly isGoto: boolean;
  readonly unclosedQuote: boolean;
}

/** Finds the target of the rule between two positions, passing over quoted text. */
export function findTarget(text: string, start: number, limit: number): TargetScan {
  let found = -1;
  let isGoto = false;
  let quoted = false;
  let wordStart = true;
  for (let index = start; index < limit; index++) {
    const code = text.charCodeAt(index);
    if (quoted) {
      if (code === BACKSLASH) index++;
      else if (code === QUOTE) quoted = false;
    } else if (code === SPACE) {
      wordStart = true;
      continue;
    } else if (code === QUOTE) {
      quoted = true;
    } else if (wordStart && code === DASH && found < 0 && text.charCodeAt(index + 2) === SPACE) {
      const letter = text[index + 1];
      if (letter === 'j' || letter === 'g') {
        found = index + 3;
        isGoto = letter === 'g';
        index += 2;
      }
    }
    wordStart = false;
  }
  return { start: found >= limit ? -1 : found, isGoto, unclosedQuote: quoted };
}
