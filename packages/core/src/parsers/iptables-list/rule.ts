import { scaledCount } from '../scaled-count.ts';
import type { ListedRule } from './types.ts';

/** Which of the optional columns a listing has. */
export interface Columns {
  readonly hasNumber: boolean;
  readonly hasCounters: boolean;
  readonly hasInterfaces: boolean;
}

/** Reads the heading line `num pkts bytes target prot opt in out source destination`. */
export function readColumns(content: string): Columns | undefined {
  const names = content.slice(0, 1000).trim().split(/\s+/);
  if (!names.includes('target') || !names.includes('source') || !names.includes('destination'))
    return undefined;
  return {
    hasNumber: names[0] === 'num',
    hasCounters: names.includes('pkts'),
    hasInterfaces: names.includes('in'),
  };
}

/** Moves over a line word by word. */
class Cursor {
  readonly #text: string;
  position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  skipSpaces(): void {
    while (this.#text[this.position] === ' ') this.position++;
  }

  /** The next word; empty at the end of the line. */
  word(): string {
    this.skipSpaces();
    const start = this.position;
    while (this.position < this.#text.length && this.#text[this.position] !== ' ') this.position++;
    return this.#text.slice(start, this.position);
  }

  /** The character `offset` places on. */
  peek(offset = 0): string | undefined {
    return this.#text[this.position + offset];
  }

  rest(): string {
    return this.#text.slice(this.position).trim();
  }
}

/** Width of the `num` column with the space after it. */
const NUMBER_WIDTH = 5;

/** One rule line, or undefined when the columns do not hold what they should. */
export function readRule(content: string, line: number, columns: Columns): ListedRule | undefined {
  const cursor = new Cursor(content);
  let number: number | undefined;
  if (columns.hasNumber) {
    number = scaledCount(cursor.word());
    if (number === undefined) return undefined;
    cursor.position = Math.max(NUMBER_WIDTH, cursor.position + 1);
  }
  let packets: number | undefined;
  let bytes: number | undefined;
  if (columns.hasCounters) {
    packets = scaledCount(cursor.word());
    bytes = scaledCount(cursor.word());
    if (packets === undefined || bytes === undefined) return undefined;
    cursor.position++;
  }
  // The target column is blank when the rule only counts, so the very next character decides.
  const target = cursor.peek() === ' ' ? undefined : cursor.word();
  const protocol = cursor.word();
  const opt = readFragmentMark(cursor);
  const inInterface = columns.hasInterfaces ? cursor.word() : undefined;
  const outInterface = columns.hasInterfaces ? cursor.word() : undefined;
  const source = cursor.word();
  const destination = cursor.word();
  if (destination === '') return undefined;
  const extra = cursor.rest();
  const comment = commentOf(extra);
  return {
    ...(number === undefined ? {} : { number }),
    ...(packets === undefined ? {} : { packets }),
    ...(bytes === undefined ? {} : { bytes }),
    ...(target === undefined ? {} : { target }),
    targetIsGoto: extra.startsWith('[goto]'),
    protocol,
    ...(opt === undefined ? {} : { opt }),
    ...(inInterface === undefined ? {} : { inInterface }),
    ...(outInterface === undefined ? {} : { outInterface }),
    source,
    destination,
    ...(comment === undefined ? {} : { comment }),
    extra,
    line,
  };
}

/** `--`, `-f` or `!f`; ip6tables before 1.8.9 leaves the column blank. */
function readFragmentMark(cursor: Cursor): string | undefined {
  cursor.skipSpaces();
  const mark = `${cursor.peek() ?? ''}${cursor.peek(1) ?? ''}`;
  if (cursor.peek(2) !== ' ' || !/^(?:--|-f|!f)$/.test(mark)) return undefined;
  return cursor.word();
}

function commentOf(extra: string): string | undefined {
  const start = extra.indexOf('/* ');
  const end = extra.indexOf(' */', start);
  return start < 0 || end < 0 ? undefined : extra.slice(start + 3, end);
}
