import { type TomlCursor, TomlError } from './cursor.ts';
import type { TomlEntry, TomlValue } from './document.ts';

const BARE_KEY = /[A-Za-z0-9_-]{1,1000}/y;
const PLAIN_VALUE = /[A-Za-z0-9_+.:-]{1,400}(?: \d\d:[0-9:.+Z-]{1,40})?/y;
const INTEGER = /^[+-]?\d+(?:_\d+)*$/;
const PREFIXED_INTEGER = /^0(?:x[0-9A-Fa-f]+|o[0-7]+|b[01]+)(?:_[0-9A-Fa-f]+)*$/;
const FLOAT = /^[+-]?\d+(?:_\d+)*(?:\.\d+(?:_\d+)*)?(?:[eE][+-]?\d+)?$/;
const DATE_OR_TIME = /^\d\d(?:\d\d-\d\d-\d\d|:\d\d:)[0-9T :.+Zz-]*$/;
/** Far deeper than any configuration; keeps damaged files from ending the stack. */
const DEEPEST = 64;

/** Reads `a."b.c".d` into its names. */
export function readKey(cursor: TomlCursor): readonly string[] {
  const names: string[] = [];
  do {
    cursor.skipSpace();
    const quote = cursor.peek();
    if (quote === '"') names.push(readBasicString(cursor));
    else if (quote === "'") names.push(readLiteralString(cursor));
    else {
      const name = cursor.match(BARE_KEY);
      if (name === '') throw new TomlError('expected a name');
      names.push(name);
    }
    cursor.skipSpace();
    if (names.length > DEEPEST) throw new TomlError(`nested deeper than ${DEEPEST}`);
  } while (cursor.take('.'));
  return names;
}

/**
 * Reads a value. The settings of an inline table are added to `entries` under `path`, and `undefined` comes back: the
 * table itself is no value.
 */
export function readValue(
  cursor: TomlCursor,
  path: readonly string[],
  entries: TomlEntry[],
  depth: number,
): TomlValue | undefined {
  if (depth > DEEPEST) throw new TomlError(`nested deeper than ${DEEPEST}`);
  switch (cursor.peek()) {
    case '"':
      return cursor.take('"""') ? readBlock(cursor, '"""') : readBasicString(cursor);
    case "'":
      return cursor.take("'''") ? readBlock(cursor, "'''") : readLiteralString(cursor);
    case '[':
      return readArray(cursor, path, entries, depth);
    case '{':
      readInlineTable(cursor, path, entries, depth);
      return undefined;
    default:
      return plainValue(cursor.match(PLAIN_VALUE));
  }
}

function plainValue(text: string): TomlValue {
  if (text === 'true' || text === 'false') return text === 'true';
  if (INTEGER.test(text) || FLOAT.test(text) || PREFIXED_INTEGER.test(text))
    return Number(text.replaceAll('_', ''));
  if (/^[+-]?inf$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^[+-]?nan$/.test(text)) return Number.NaN;
  if (DATE_OR_TIME.test(text)) return text;
  throw new TomlError('expected a value');
}

function readArray(
  cursor: TomlCursor,
  path: readonly string[],
  entries: TomlEntry[],
  depth: number,
): readonly TomlValue[] {
  const values: TomlValue[] = [];
  cursor.take('[');
  for (let index = 0; ; index++) {
    cursor.skipBlank();
    if (cursor.take(']')) return values;
    const value = readValue(cursor, [...path, String(index)], entries, depth + 1);
    if (value !== undefined) values.push(value);
    cursor.skipBlank();
    if (cursor.take(']')) return values;
    if (!cursor.take(',')) throw new TomlError('expected "," or "]"');
  }
}

function readInlineTable(
  cursor: TomlCursor,
  path: readonly string[],
  entries: TomlEntry[],
  depth: number,
): void {
  cursor.expect('{');
  if (cursor.take('}')) return;
  for (;;) {
    const { line } = cursor;
    const inner = [...path, ...readKey(cursor)];
    cursor.expect('=');
    const value = readValue(cursor, inner, entries, depth + 1);
    if (value !== undefined) entries.push({ path: inner, value, line });
    cursor.skipSpace();
    if (cursor.take('}')) return;
    cursor.expect(',');
  }
}

function readLiteralString(cursor: TomlCursor): string {
  cursor.take("'");
  const text = cursor.match(/[^'\n]*/y);
  if (!cursor.take("'")) throw new TomlError('a string that is not closed');
  return text;
}

function readBasicString(cursor: TomlCursor): string {
  cursor.take('"');
  const parts: string[] = [];
  for (;;) {
    parts.push(cursor.match(/[^"\\\n]*/y));
    if (cursor.take('"')) return parts.join('');
    if (!cursor.take('\\')) throw new TomlError('a string that is not closed');
    parts.push(readEscape(cursor));
  }
}

/** The rest of a string over several lines; a line end right after its opening quotes does not count. */
function readBlock(cursor: TomlCursor, quotes: '"""' | "'''"): string {
  if (cursor.peek() === '\r') cursor.next();
  if (cursor.peek() === '\n') cursor.next();
  const parts: string[] = [];
  while (!cursor.take(quotes)) {
    if (cursor.atEnd()) throw new TomlError('a string that is not closed');
    const char = cursor.next();
    if (char !== '\\' || quotes === "'''") parts.push(char);
    else if (/[ \t\r\n]/.test(cursor.peek())) skipLineEnd(cursor);
    else parts.push(readEscape(cursor));
  }
  // Up to two quotes may stand right before the closing three.
  while (cursor.take(quotes.charAt(0))) parts.push(quotes.charAt(0));
  return parts.join('');
}

/** A backslash at the end of a line takes away all white space up to the next text. */
function skipLineEnd(cursor: TomlCursor): void {
  while (/^[ \t\r\n]$/.test(cursor.peek())) cursor.next();
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['b', '\b'],
  ['t', '\t'],
  ['n', '\n'],
  ['f', '\f'],
  ['r', '\r'],
  ['e', '\u001b'],
  ['"', '"'],
  ['\\', '\\'],
]);

/** How many hexadecimal digits follow the letter of a code point. */
const CODE_LENGTHS: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

function readEscape(cursor: TomlCursor): string {
  const letter = cursor.peek();
  const plain = ESCAPES.get(letter);
  const digits = CODE_LENGTHS.get(letter);
  if (plain === undefined && digits === undefined) throw new TomlError('an unknown escape in a string');
  cursor.next();
  if (plain !== undefined) return plain;
  const code = cursor.match(new RegExp(`[0-9A-Fa-f]{${digits}}`, 'y'));
  const point = Number.parseInt(code, 16);
  if (!(point <= 0x10ffff)) throw new TomlError('an unknown escape in a string');
  return String.fromCodePoint(point);
}
