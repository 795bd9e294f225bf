import { trimmedLength } from './text.ts';

/** A value that follows the name of a secret. Its text is `text.slice(0, length)`. */
export interface SecretValue {
  readonly length: number;
  /** What stays in front and behind when the value is replaced: quotes, mostly. */
  readonly before: string;
  readonly after: string;
  /** The value without quotes. */
  readonly content: string;
  /** The quote that closes it on a later line. */
  readonly openQuote?: string;
  /** Brackets that are closed on a later line. */
  readonly openBrackets?: number;
}

/** The text in front of a value, remembered piece by piece: a line may be long and hold many values. */
export class Head {
  /** The last piece. */
  label = '';
  hasBracket = false;
  hasDoubleQuote = false;
  hasSingleQuote = false;

  add(piece: string): void {
    this.label = piece;
    this.hasBracket ||= /[[{]/.test(piece);
    this.hasDoubleQuote ||= piece.includes('"');
    this.hasSingleQuote ||= piece.includes("'");
  }
}

/**
 * Tells how far a value reaches that starts at the start of `text`, which goes to the end of the line. In a log a blank
 * ends a value without quotes.
 */
export function readValue(text: string, head: Head, isLog: boolean): SecretValue {
  const quoted = /^([\\]*)(["'])/.exec(text);
  if (quoted !== null) return readQuoted(text, quoted[1] ?? '', quoted[2] ?? '', head);
  if (text.startsWith('[') || text.startsWith('{')) return readBrackets(text);
  const length = bareLength(text, head, isLog);
  // A bare value in JSON, such as a number, needs quotes when text takes its place.
  const quote = /"[ \t\r]*:[ \t\r]*$/.test(head.label) ? '"' : '';
  return { length, before: quote, after: quote, content: text.slice(0, length) };
}

function readQuoted(text: string, escapes: string, quote: string, head: Head): SecretValue {
  const triple = quote.repeat(3);
  if (escapes === '' && text.startsWith(triple)) {
    const end = text.indexOf(triple, 3);
    if (end < 0)
      return { length: text.length, before: triple, after: '', content: text.slice(3), openQuote: triple };
    return { length: end + 3, before: triple, after: triple, content: text.slice(3, end) };
  }
  const mark = `${escapes}${quote}`;
  const end = closingQuote(text, mark.length, escapes.length, quote);
  if (end < 0) {
    return {
      length: text.length,
      before: mark,
      after: '',
      content: text.slice(mark.length),
      openQuote: mark,
    };
  }
  const next = text.charAt(end);
  const closesOuter = (next === '"' && head.hasDoubleQuote) || (next === "'" && head.hasSingleQuote);
  const ends = next === '' || /[ \t,;})\r\]\\]/.test(next) || closesOuter;
  // What goes on right after the quote belongs to the value: 'a'\''b' of a shell.
  if (!ends) return { length: trimmedLength(text), before: mark, after: mark, content: text };
  return { length: end, before: mark, after: mark, content: text.slice(mark.length, end - mark.length) };
}

/**
 * The place behind the quote that closes a text whose own quote stands behind `escapes` backslashes, as in JSON inside
 * JSON; -1 where there is none. A quote behind more of them is part of the text, and so is `''` between single quotes.
 */
export function closingQuote(text: string, from: number, escapes: number, quote: string): number {
  let run = 0;
  for (let at = from; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '\\' && (quote === '"' || escapes > 0)) {
      run++;
    } else if (char === quote) {
      const doubled = quote === "'" && escapes === 0 && text.charAt(at + 1) === "'";
      if (doubled) at++;
      else if (run >= escapes && Math.floor(run / (escapes + 1)) % 2 === 0) return at + 1;
      run = 0;
    } else run = 0;
  }
  return -1;
}

function readBrackets(text: string): SecretValue {
  const { depth, closedAt } = countBrackets(text);
  if (closedAt > 0) {
    return { length: closedAt, before: '"', after: '"', content: text.slice(1, closedAt - 1).trim() };
  }
  const length = trimmedLength(text);
  const comma = text.charAt(length - 1) === ',' ? ',' : '';
  const content = text.slice(1, length - comma.length).trim();
  return { length, before: `${text.charAt(0)}"`, after: `"${comma}`, content, openBrackets: depth };
}

/**
 * How many more brackets are opened than closed in a line, those in quotes aside, and the place behind the bracket that
 * closed them all first (0 where none did).
 */
export function countBrackets(text: string): { readonly depth: number; readonly closedAt: number } {
  let depth = 0;
  let quote = '';
  let closedAt = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (quote !== '') {
      if (char === '\\' && quote === '"') at++;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '[' || char === '{') depth++;
    else if (char === ']' || char === '}') {
      depth--;
      if (depth === 0 && closedAt === 0) closedAt = at + 1;
    }
  }
  return { depth, closedAt };
}

function bareLength(text: string, head: Head, isLog: boolean): number {
  const end = trimmedLength(text);
  const first = (pattern: RegExp): number => {
    const at = text.search(pattern);
    return at < 0 || at > end ? end : at;
  };
  if (isLog) return first(/[ \t"']/);
  if (head.hasBracket || /["'][ \t\r]*:[ \t\r]*$/.test(head.label)) return first(/[,}"']|]/);
  if (head.hasDoubleQuote || head.hasSingleQuote) return first(/["']/);
  return end;
}
