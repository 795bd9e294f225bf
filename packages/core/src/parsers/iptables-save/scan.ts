/** `[packets:bytes]` read from a text, and the position after it. */
export interface Counters {
  readonly packets: number;
  readonly bytes: number;
  readonly end: number;
}

const NUL = 0;
const SPACE = 32;
const QUOTE = 34;
const DASH = 45;
const ZERO = 48;
const NINE = 57;
const BRACKET = 91;
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

/** What one look over a rule tells. */
export interface RuleScan {
  /** Start of the name after the first `-j` or `-g`, or -1. */
  readonly targetStart: number;
  readonly isGoto: boolean;
  /** A quote is not closed, or there are NUL bytes. */
  readonly isDamaged: boolean;
  /** iptables printed a note in brackets instead of a match or target it does not know. */
  readonly isPartlyShown: boolean;
}

/** Looks over the rule between two positions, passing over quoted text. */
export function scanRule(text: string, start: number, limit: number): RuleScan {
  let target = -1;
  let isGoto = false;
  let quoted = false;
  let hasNul = false;
  let isPartlyShown = false;
  let wordStart = true;
  for (let index = start; index < limit; index++) {
    const code = text.charCodeAt(index);
    if (code === NUL) hasNul = true;
    if (quoted) {
      if (code === BACKSLASH) index++;
      else if (code === QUOTE) quoted = false;
      continue;
    }
    if (code === QUOTE) quoted = true;
    else if (wordStart && code === DASH && target < 0 && text.charCodeAt(index + 2) === SPACE) {
      const letter = text[index + 1];
      if (letter === 'j' || letter === 'g') {
        target = index + 3;
        isGoto = letter === 'g';
      }
    } else if (wordStart && code === BRACKET) {
      isPartlyShown ||= UNKNOWN_PART.test(text.slice(index, Math.min(index + UNKNOWN_PART_LENGTH, limit)));
    }
    wordStart = code === SPACE;
  }
  return { targetStart: target >= limit ? -1 : target, isGoto, isDamaged: quoted || hasNul, isPartlyShown };
}

/** `[unsupported revision]`, `[8 bytes of unknown match data]` */
const UNKNOWN_PART = /^\[(?:unsupported revision\]|\d+ bytes of unknown )/;
const UNKNOWN_PART_LENGTH = 40;
