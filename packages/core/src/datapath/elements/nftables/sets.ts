import { formatAddress, parseAddress } from '../../../net/address.ts';
import type { NftElement, NftSet, NftToken } from '../../../parsers/nft/index.ts';
import { NotUnderstood, splitAtCommas } from './cursor.ts';
import type { Scope } from './expression.ts';
import { type Datatype, type Pattern, readNumber, readPattern, type Value } from './value.ts';

/** What is known of one element of a set or map. */
export type Element = Pick<NftElement, 'data' | 'verdict'>;

interface PatternElement {
  readonly patterns: readonly Pattern[];
  readonly element: Element;
}

/** Elements of a set or map, found by key: single values at once, intervals and prefixes one by one. */
export class SetIndex {
  readonly #exact = new Map<string, Element>();
  readonly #patterns: PatternElement[] = [];
  #other: Element | undefined;
  #isDamaged = false;

  constructor(elements: Iterable<NftElement>, types: readonly Datatype[]) {
    for (const element of elements) this.#add(element, types);
  }

  #add(element: NftElement, types: readonly Datatype[]): void {
    if (element.key === '*') {
      this.#other = element;
      return;
    }
    const keys = element.parts.map((part, index) => exactKey(part, types[index]));
    if (element.parts.length === types.length && keys.every((key) => key !== undefined)) {
      this.#exact.set(keys.join(' '), element);
      return;
    }
    const patterns = element.parts.map((part, index) => {
      const type = types[index];
      return type === undefined ? undefined : readPattern(part, type);
    });
    const read = patterns.filter((pattern) => pattern !== undefined);
    if (read.length === types.length && read.length === patterns.length) {
      this.#patterns.push({ patterns: read, element });
    } else this.#isDamaged = true;
  }

  /** The element that holds the key, undefined where there is none. A key with a part that is absent has none. */
  find(key: readonly Value[]): Element | undefined | 'unsure' {
    if (key.some(({ kind }) => kind === 'absent')) return undefined;
    if (key.some(({ kind }) => kind === 'unsure' || kind === 'uniform'))
      return this.#isEmpty() ? undefined : 'unsure';
    const exact = this.#exact.get(key.map(keyOf).join(' '));
    if (exact !== undefined) return exact;
    for (const { patterns, element } of this.#patterns) {
      if (patterns.every((pattern, index) => isTrue(pattern, key[index]))) return element;
    }
    return this.#other ?? (this.#isDamaged ? 'unsure' : undefined);
  }

  #isEmpty(): boolean {
    return (
      this.#exact.size === 0 && this.#patterns.length === 0 && this.#other === undefined && !this.#isDamaged
    );
  }
}

function isTrue(pattern: Pattern, value: Value | undefined): boolean {
  return value !== undefined && pattern(value) === true;
}

function exactKey(part: string, type: Datatype | undefined): string | undefined {
  if (type === undefined) return undefined;
  if (type.kind === 'address') {
    const address = parseAddress(part);
    return address === undefined ? undefined : formatAddress(address);
  }
  if (type.kind === 'name') return part.endsWith('*') ? undefined : part;
  const number = readNumber(part, type);
  return number === undefined ? undefined : String(number);
}

function keyOf(value: Value): string {
  switch (value.kind) {
    case 'address':
      return formatAddress(value.address);
    case 'number':
      return String(value.number);
    case 'name':
      return value.name;
    default:
      return '';
  }
}

/** The set or map that `@name` names. */
export function setNamed(text: string, types: readonly Datatype[], scope: Scope): SetIndex {
  const index = text.startsWith('@') ? scope.index(text.slice(1), types) : undefined;
  if (index === undefined) throw new NotUnderstood(`${text} is not in the ruleset`);
  return index;
}

/** Indexes of the named sets of a table, made when they are first used. */
export class SetIndexes {
  readonly #sets: ReadonlyMap<string, NftSet>;
  readonly #indexes = new Map<string, SetIndex>();

  constructor(sets: ReadonlyMap<string, NftSet>) {
    this.#sets = sets;
  }

  get(name: string, types: readonly Datatype[]): SetIndex | undefined {
    const set = this.#sets.get(name);
    if (set === undefined) return undefined;
    const key = `${name} ${types.map(({ kind }) => kind).join(' ')}`;
    let index = this.#indexes.get(key);
    if (index === undefined) {
      index = new SetIndex(set.elements, types);
      this.#indexes.set(key, index);
    }
    return index;
  }
}

const VERDICTS: ReadonlySet<string> = new Set(['accept', 'drop', 'return', 'continue']);

/** A set or map that stands in the rule itself. */
export function readInlineSet(tokens: readonly NftToken[], types: readonly Datatype[]): SetIndex {
  return new SetIndex(splitAtCommas(tokens).map(inlineElement), types);
}

function inlineElement(tokens: readonly NftToken[]): NftElement {
  const colon = tokens.findIndex(({ kind, text }) => kind === 'word' && text === ':');
  const words = (colon < 0 ? tokens : tokens.slice(0, colon)).map(({ text }) => text);
  const parts = words.join(' ').split(' . ');
  const data = colon < 0 ? [] : tokens.slice(colon + 1).map(({ text }) => text);
  return {
    key: parts.join(' . '),
    parts,
    ...(data.length === 0 ? {} : { data: data.join(' ') }),
    ...verdictOf(data),
  };
}

function verdictOf([kind = '', chain]: readonly string[]): Pick<NftElement, 'verdict'> {
  if ((kind === 'jump' || kind === 'goto') && chain !== undefined) return { verdict: { kind, chain } };
  if (!VERDICTS.has(kind)) return {};
  return { verdict: { kind: kind as 'accept' | 'drop' | 'return' | 'continue' } };
}
