import type { Place } from '../../model/evidence.ts';
import { type Parsed, ProblemLog } from '../parsed.ts';
import { decodeUtf8 } from './utf8.ts';
import { ValueScanner } from './value-scanner.ts';

/** One element of the list, not parsed yet. */
export interface ListElement {
  readonly index: number;
  /** JSON pointer of the element, `/items/7`, or `/7` in a bare array. */
  readonly pointer: string;
  /** Its JSON text. Its brackets and strings are closed; whether it is JSON shows when it is parsed. */
  readonly text: string;
}

/** What was around the elements. */
export interface ListEnd {
  /** Where the list stood: `/items`, the empty pointer for a bare array, `undefined` when there was none. */
  readonly listPointer?: string;
  /** How many elements were found. */
  readonly count: number;
  /** The fields of the document but for the list: all of it when it is a single object; empty for a bare array. */
  readonly rest: Readonly<Record<string, unknown>>;
}

type State =
  | 'start'
  | 'first-key'
  | 'key'
  | 'colon'
  | 'value'
  | 'after-value'
  | 'first-element'
  | 'element'
  | 'after-element'
  | 'end'
  | 'failed';

const EXPECTED: Readonly<Record<State, string>> = {
  start: 'a JSON object or array',
  'first-key': 'a key or "}"',
  key: 'a key',
  colon: '":"',
  value: 'a value',
  'after-value': '"," or "}"',
  'first-element': 'a value or "]"',
  element: 'a value',
  'after-element': '"," or "]"',
  end: 'nothing more',
  failed: 'nothing more',
};

const NEWLINE = 0x0a;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/**
 * Splits a JSON document that is too large to parse at once: gives the elements of its top-level `items` array, or of the
 * top-level array it is, one by one, from pieces of any size. Holds one piece and one element in memory.
 *
 * ```ts
 * const splitter = new ListSplitter();
 * for (const piece of pieces) for (const { text } of splitter.push(piece)) use(JSON.parse(text));
 * const { value, problems } = splitter.end();   // value.rest: { kind: 'PodList', apiVersion: 'v1', metadata: … }
 * ```
 *
 * Damaged input never throws: the elements before the damage are given, and `end` has a problem that names the byte.
 */
export class ListSplitter {
  readonly #problems = new ProblemLog();
  readonly #scanner = new ValueScanner();
  readonly #rest = new Map<string, unknown>();
  #state: State = 'start';
  /** What the value being scanned is. */
  #scanning: 'nothing' | 'key' | 'field' | 'element' = 'nothing';
  /** Bytes of the value being scanned that came in earlier pieces. */
  #parts: Uint8Array[] = [];
  #key = '';
  #listPointer: string | undefined;
  #count = 0;
  /** Offset of the current piece in the document. */
  #offset = 0;

  /**
   * The fields outside the list that were read so far. Typed lists of the API server state their kind before the items;
   * kubectl sorts keys, so its `List` states it after them.
   */
  get rest(): Readonly<Record<string, unknown>> {
    return Object.fromEntries(this.#rest);
  }

  /** Takes the next bytes of the document and gives the elements that end in them. The bytes may be reused afterwards. */
  push(bytes: Uint8Array): readonly ListElement[] {
    const elements: ListElement[] = [];
    let at = 0;
    while (at < bytes.length && this.#state !== 'failed') {
      at =
        this.#scanning === 'nothing' ? this.#takeMark(bytes, at) : this.#takeValue(bytes, at, at, elements);
      if (this.#scanning !== 'nothing' && at < bytes.length)
        at = this.#takeValue(bytes, at, at + 1, elements);
    }
    this.#offset += bytes.length;
    return elements;
  }

  /** Ends the document. Nothing may be pushed afterwards. */
  end(): Parsed<ListEnd> {
    const isEmpty = this.#state === 'start';
    if (!isEmpty && this.#state !== 'end' && this.#state !== 'failed') {
      this.#problems.add(this.#place(), `the JSON text is cut off at byte ${this.#offset}`);
    }
    return {
      value: {
        ...(this.#listPointer === undefined ? {} : { listPointer: this.#listPointer }),
        count: this.#count,
        rest: this.rest,
      },
      problems: this.#problems.list(),
    };
  }

  /** Goes over white space and one mark between values. Stops in front of a value's first byte with the scanner started. */
  #takeMark(bytes: Uint8Array, from: number): number {
    let at = from;
    while (at < bytes.length && isSpace(bytes[at])) at++;
    const byte = bytes[at];
    if (byte === undefined) return at;
    if (this.#offset + at < 3 && byte === BYTE_ORDER_MARK[this.#offset + at]) return at + 1;
    const next = this.#after(byte);
    if (next !== undefined) {
      this.#state = next;
      return at + 1;
    }
    const scanning = this.#startsValue(byte);
    if (scanning === 'nothing') this.#fail(bytes, at);
    else this.#start(scanning, byte);
    return at;
  }

  /** The state after a mark, or `undefined` when the byte is no mark that may stand here. */
  #after(byte: number): State | undefined {
    switch (this.#state) {
      case 'start':
        if (byte === OPEN_BRACKET) this.#listPointer = '';
        return byte === OPEN_BRACE ? 'first-key' : byte === OPEN_BRACKET ? 'first-element' : undefined;
      case 'first-key':
        return byte === CLOSE_BRACE ? 'end' : undefined;
      case 'colon':
        return byte === COLON ? 'value' : undefined;
      case 'value':
        if (this.#key !== 'items' || byte !== OPEN_BRACKET || this.#listPointer !== undefined)
          return undefined;
        this.#listPointer = '/items';
        return 'first-element';
      case 'after-value':
        return byte === COMMA ? 'key' : byte === CLOSE_BRACE ? 'end' : undefined;
      case 'first-element':
        return byte === CLOSE_BRACKET ? this.#afterList() : undefined;
      case 'after-element':
        return byte === COMMA ? 'element' : byte === CLOSE_BRACKET ? this.#afterList() : undefined;
      default:
        return undefined;
    }
  }

  #afterList(): State {
    return this.#listPointer === '' ? 'end' : 'after-value';
  }

  #startsValue(byte: number): 'nothing' | 'key' | 'field' | 'element' {
    switch (this.#state) {
      case 'first-key':
      case 'key':
        return byte === QUOTE ? 'key' : 'nothing';
      case 'value':
        return isMark(byte) ? 'nothing' : 'field';
      case 'first-element':
      case 'element':
        return isMark(byte) ? 'nothing' : 'element';
      default:
        return 'nothing';
    }
  }

  #start(scanning: 'key' | 'field' | 'element', first: number): void {
    this.#scanning = scanning;
    this.#scanner.start(first);
  }

  /** Takes the value that starts at `start`, or goes on there, and was looked at up to `from`. */
  #takeValue(bytes: Uint8Array, start: number, from: number, elements: ListElement[]): number {
    const end = this.#scanner.scan(bytes, from);
    if (end < 0) {
      this.#parts.push(bytes.slice(start));
      return bytes.length;
    }
    const text = this.#textOf(bytes.subarray(start, end));
    const scanned = this.#scanning;
    this.#scanning = 'nothing';
    if (scanned === 'element') this.#endElement(text, elements);
    else if (scanned === 'key') this.#endKey(text, bytes, end);
    else this.#endField(text);
    return end;
  }

  #endElement(text: string | undefined, elements: ListElement[]): void {
    const index = this.#count++;
    const pointer = `${this.#listPointer ?? ''}/${index}`;
    if (text === undefined) this.#problems.add({ pointer }, 'longer than the longest string of this runtime');
    else elements.push({ index, pointer, text });
    this.#state = 'after-element';
  }

  #endKey(text: string | undefined, bytes: Uint8Array, end: number): void {
    const key = text === undefined ? undefined : parseJson(text);
    if (typeof key !== 'string') {
      this.#fail(bytes, end, 'a key');
      return;
    }
    this.#key = key;
    this.#state = 'colon';
    if (key === 'items' && (this.#listPointer !== undefined || this.#rest.has('items'))) {
      this.#fail(bytes, end, 'no second "items"');
    }
  }

  #endField(text: string | undefined): void {
    const value = text === undefined ? undefined : parseJson(text);
    if (value === undefined) this.#problems.add({ pointer: `/${this.#key}` }, 'the value is not JSON', text);
    else this.#rest.set(this.#key, value);
    this.#state = 'after-value';
  }

  #textOf(last: Uint8Array): string | undefined {
    const bytes = this.#parts.length === 0 ? last : concat([...this.#parts, last]);
    this.#parts = [];
    try {
      return decodeUtf8(bytes);
    } catch {
      return undefined;
    }
  }

  #fail(bytes: Uint8Array, at: number, expected = EXPECTED[this.#state]): void {
    const text = decodeUtf8(bytes.subarray(at, at + 200));
    this.#problems.add(this.#place(), `expected ${expected} at byte ${this.#offset + at}`, text);
    this.#state = 'failed';
    this.#parts = [];
  }

  /** The element where reading stopped, if it was in the list. */
  #place(): Place {
    const inList = ['first-element', 'element', 'after-element'].includes(this.#state);
    return inList ? { pointer: `${this.#listPointer ?? ''}/${this.#count}` } : {};
  }
}

/** Parses an element; `undefined` and a problem with its pointer when it is not JSON. */
export function parseListElement({ text, pointer }: ListElement): Parsed<unknown> {
  const value = parseJson(text);
  return {
    value,
    problems: value === undefined ? [{ pointer, reason: 'not JSON', text: text.slice(0, 200) }] : [],
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isSpace(byte: number | undefined): boolean {
  return byte === SPACE || byte === NEWLINE || byte === 0x0d || byte === 0x09;
}

function isMark(byte: number): boolean {
  return byte === COMMA || byte === COLON || byte === CLOSE_BRACE || byte === CLOSE_BRACKET;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
