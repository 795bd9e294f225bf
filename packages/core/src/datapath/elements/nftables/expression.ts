import { parseAddress } from '../../../net/address.ts';
import type { NftTable } from '../../../parsers/nft/index.ts';
import type { RuleContext } from '../../firewall/context.ts';
import { type Cursor, NotUnderstood } from './cursor.ts';
import { readFib } from './fib.ts';
import { readField } from './fields.ts';
import { readInlineSet, type SetIndex, setNamed } from './sets.ts';
import { ABSENT, ADDRESS, type Datatype, NAME, NUMBER, readNumber, type Value } from './value.ts';

/** An expression of a rule: its parts are more than one where it is put together with dots. */
export interface Expression {
  readonly types: readonly Datatype[];
  read(context: RuleContext): readonly Value[];
}

/** Where the names of sets are looked up. */
export interface Scope {
  readonly table: NftTable;
  index(name: string, types: readonly Datatype[]): SetIndex | undefined;
}

/** Reads an expression with its dots, operators and maps. */
export function readExpression(cursor: Cursor, scope: Scope, expected?: Datatype): Expression {
  const parts = [readOr(cursor, scope, expected)];
  while (cursor.take('.') !== undefined) parts.push(readOr(cursor, scope, expected));
  const whole: Expression = {
    types: parts.flatMap(({ types }) => types),
    read: (context) => parts.flatMap((part) => part.read(context)),
  };
  return cursor.take('map') === undefined ? whole : readMap(cursor, scope, whole);
}

type Calculation = (left: number, right: number) => number;

/** Operators of one level, which are worked out from left to right. */
type Operators = Readonly<Record<string, Calculation>>;

/** From those that bind least to those that bind most. */
const LEVELS: readonly Operators[] = [
  { '|': or, or },
  { '^': xor, xor },
  { '&': and, and },
  { '<<': shiftLeft, lshift: shiftLeft, '>>': shiftRight, rshift: shiftRight },
];

function or(left: number, right: number): number {
  return left | right;
}

function xor(left: number, right: number): number {
  return left ^ right;
}

function and(left: number, right: number): number {
  return left & right;
}

function shiftLeft(left: number, by: number): number {
  return left << by;
}

function shiftRight(left: number, by: number): number {
  return left >>> by;
}

function readOr(cursor: Cursor, scope: Scope, expected: Datatype | undefined): Expression {
  return readLevel(cursor, scope, expected, 0);
}

function readLevel(cursor: Cursor, scope: Scope, expected: Datatype | undefined, level: number): Expression {
  const operators = LEVELS[level];
  if (operators === undefined) return readPrimary(cursor, scope, expected);
  let left = readLevel(cursor, scope, expected, level + 1);
  for (;;) {
    const sign = cursor.take(...Object.keys(operators));
    const calculate = sign === undefined ? undefined : operators[sign];
    if (calculate === undefined) return left;
    const before = left;
    // Names on the right are those of what stands on the left, as in `tcp flags & (syn | ack)`.
    const right = readLevel(cursor, scope, before.types[0], level + 1);
    left = {
      types: before.types,
      read: (context) => [combine(before.read(context)[0], right.read(context)[0], calculate)],
    };
  }
}

function combine(left: Value | undefined, right: Value | undefined, apply: Calculation): Value {
  if (left?.kind === 'number' && right?.kind === 'number') {
    return { kind: 'number', number: apply(left.number, right.number) >>> 0 };
  }
  // The low bits of a random number are a random number.
  if (left?.kind === 'uniform' && right?.kind === 'number') {
    const size = right.number + 1;
    const isAllLowBits = (size & right.number) === 0 && apply(-1, right.number) >>> 0 === right.number;
    if (isAllLowBits && size <= left.size) return { kind: 'uniform', size };
  }
  if (left === undefined || left.kind === 'absent' || right?.kind === 'absent') return ABSENT;
  return { kind: 'unsure', reason: 'the calculation is not modelled' };
}

function readPrimary(cursor: Cursor, scope: Scope, expected: Datatype | undefined): Expression {
  if (cursor.take('(') !== undefined) {
    const inside = readOr(cursor, scope, expected);
    cursor.expect(')');
    return inside;
  }
  const field = readField(cursor);
  if (field !== undefined) return { types: [field.type], read: (context) => [field.read(context)] };
  if (cursor.take('fib') !== undefined) {
    const fib = readFib(cursor);
    return { types: [fib.type], read: (context) => [fib.read(context)] };
  }
  if (cursor.take('numgen') !== undefined) return readNumberGenerator(cursor);
  if (cursor.take('jhash', 'symhash') !== undefined) return readHash(cursor);
  return readLiteral(cursor.next(), expected);
}

/** Random numbers that are followed one by one. */
const WAYS_LIMIT = 4096;

/** `numgen random mod 3 offset 100`. Where a counter stands is not in the evidence, so `inc` is as good as random. */
function readNumberGenerator(cursor: Cursor): Expression {
  cursor.next();
  cursor.expect('mod');
  return uniform(cursor);
}

function readHash(cursor: Cursor): Expression {
  while (cursor.peek() !== 'mod') cursor.next();
  cursor.next();
  return uniform(cursor);
}

function uniform(cursor: Cursor): Expression {
  const size = readNumber(cursor.next(), NUMBER);
  if (cursor.take('seed') !== undefined) cursor.next();
  const offset = cursor.take('offset') === undefined ? 0 : readNumber(cursor.next(), NUMBER);
  if (size === undefined || size < 1 || offset === undefined)
    throw new NotUnderstood('expected a number after mod');
  // As many ways can not be walked one by one; whether it is below a number can still be told.
  if (size > WAYS_LIMIT) {
    if (offset !== 0) throw new NotUnderstood(`a random number out of ${size} is not modelled`);
    return { types: [NUMBER], read: () => [{ kind: 'uniform', size }] };
  }
  const weights = Array.from({ length: size }, () => 1 / size);
  return {
    types: [NUMBER],
    read: ({ choices }) => [{ kind: 'number', number: choices.random(weights) + offset }],
  };
}

function readLiteral(text: string, expected: Datatype | undefined): Expression {
  const constant = (value: Value, type: Datatype): Expression => ({ types: [type], read: () => [value] });
  const address = parseAddress(text);
  if (address !== undefined) return constant({ kind: 'address', address }, ADDRESS);
  const number = readNumber(text, expected ?? NUMBER);
  if (number !== undefined) return constant({ kind: 'number', number }, expected ?? NUMBER);
  if (expected?.kind === 'name') return constant({ kind: 'name', name: text }, NAME);
  throw new NotUnderstood(`${text} is not modelled`);
}

/** `ip daddr map @backends`, `numgen random mod 2 map { 0 : 10.0.0.1, 1 : 10.0.0.2 }` */
function readMap(cursor: Cursor, scope: Scope, key: Expression): Expression {
  const index = readSet(cursor, scope, key.types);
  return {
    types: [NUMBER],
    read(context) {
      const element = index.find(key.read(context));
      if (element === 'unsure') return [{ kind: 'unsure', reason: 'the element of the map is not known' }];
      return element?.data === undefined ? [ABSENT] : element.data.split(' . ').map(dataValue);
    },
  };
}

function dataValue(text: string): Value {
  const address = parseAddress(text);
  if (address !== undefined) return { kind: 'address', address };
  const number = readNumber(text, NUMBER);
  return number === undefined ? { kind: 'name', name: text } : { kind: 'number', number };
}

/** Reads `@name` or `{ … }`. */
export function readSet(cursor: Cursor, scope: Scope, types: readonly Datatype[]): SetIndex {
  if (cursor.peek() === '{') return readInlineSet(cursor.block(), types);
  return setNamed(cursor.next(), types, scope);
}
