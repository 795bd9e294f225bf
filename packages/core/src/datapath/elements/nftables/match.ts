import type { NftVerdict } from '../../../parsers/nft/index.ts';
import type { Statement } from '../../firewall/chain.ts';
import { type RuleContext, settle } from '../../firewall/context.ts';
import { negate, type StatementResult, type TestResult, unsure } from '../../firewall/verdict.ts';
import { type Cursor, NotUnderstood } from './cursor.ts';
import { type Expression, readExpression, readSet, type Scope } from './expression.ts';
import { NO_DEVICE } from './fib.ts';
import { ABSENT, type Datatype, readNumber, readPattern, type Value } from './value.ts';

const OPERATORS = ['==', '!=', '<', '>', '<=', '>=', '!'] as const;
type Operator = (typeof OPERATORS)[number] | 'implied';

/** Reads a match, or an expression that a verdict map follows. */
export function readMatch(cursor: Cursor, scope: Scope): Statement {
  const left = readExpression(cursor, scope);
  if (cursor.take('vmap') !== undefined) return verdictMap(left, cursor, scope);
  const operator = (cursor.take(...OPERATORS) as Operator | undefined) ?? 'implied';
  const test = readRight(left, operator, cursor, scope);
  return (context, _note, rule) =>
    settle(context, test(left.read(context), context), { ...rule.place, text: rule.text }) ? 'next' : 'break';
}

type ValueTest = (values: readonly Value[], context: RuleContext) => TestResult;

function readRight(left: Expression, operator: Operator, cursor: Cursor, scope: Scope): ValueTest {
  const next = cursor.peek() ?? '';
  if (next === '{' || next.startsWith('@')) return setTest(left, operator, cursor, scope);
  const [type] = left.types;
  if (type === undefined) throw new NotUnderstood('a match without a left side');
  if (next === 'exists' || next === 'missing') return existenceTest(cursor.next(), operator);
  if (left.types.length > 1) return concatenationTest(left, operator, cursor);
  if (type.isBitmask === true) return bitmaskTest(type, operator, cursor, scope);
  if (operator === '!') throw new NotUnderstood('only flags can be negated');
  return plainTest(type, operator, cursor, scope);
}

function setTest(left: Expression, operator: Operator, cursor: Cursor, scope: Scope): ValueTest {
  const index = readSet(cursor, scope, left.types);
  return (values) => {
    if (values.some(({ kind }) => kind === 'absent')) return false;
    const element = index.find(values);
    if (element === 'unsure') return unsure('whether the set holds the packet is not known');
    return (element !== undefined) !== (operator === '!=');
  };
}

/** `fib daddr oif exists` */
function existenceTest(word: string, operator: Operator): ValueTest {
  const wanted = (word === 'exists') !== (operator === '!=');
  return ([value = ABSENT]) => {
    if (value.kind === 'unsure') return unsure(value.reason);
    return (value.kind !== 'absent' && !isNoDevice(value)) === wanted;
  };
}

function isNoDevice(value: Value): boolean {
  return value.kind === 'name' && NO_DEVICE.kind === 'name' && value.name === NO_DEVICE.name;
}

function concatenationTest(left: Expression, operator: Operator, cursor: Cursor): ValueTest {
  const patterns = left.types.map((type, index) => {
    if (index > 0) cursor.expect('.');
    const pattern = readPattern(cursor.next(), type);
    if (pattern === undefined) throw new NotUnderstood('a value is not understood');
    return pattern;
  });
  return (values) => {
    let result: TestResult = true;
    for (const [index, pattern] of patterns.entries()) {
      const value = values[index] ?? ABSENT;
      if (value.kind === 'absent') return false;
      const part = pattern(value);
      if (part === false) {
        result = false;
        break;
      }
      if (part !== true) result = part;
    }
    return operator === '!=' ? negate(result) : result;
  };
}

/**
 * `ct state new,established`, `tcp flags syn / fin,syn,rst,ack`, `tcp flags & (fin | syn) == syn`. Without an operator any of the
 * flags will do and with `!` none may be there, while `==` and `!=` compare all of them (as `nft --debug=netlink` shows).
 */
function bitmaskTest(type: Datatype, operator: Operator, cursor: Cursor, scope: Scope): ValueTest {
  if (operator === '==') return equalityTest(type, operator, cursor, scope);
  const { bits, isList } = readBits(type, cursor);
  const mask = cursor.take('/') === undefined ? undefined : readBits(type, cursor).bits;
  const isNegated = operator !== 'implied';
  const isWhole = mask !== undefined || (operator === '!=' && !isList);
  return ([value = ABSENT]) => {
    if (value.kind === 'unsure') return unsure(value.reason);
    if (value.kind !== 'number') return false;
    const isFound = isWhole ? (value.number & (mask ?? ~0)) === bits : (value.number & bits) !== 0;
    return isFound !== isNegated;
  };
}

function readBits(type: Datatype, cursor: Cursor): { readonly bits: number; readonly isList: boolean } {
  let bits = 0;
  let isList = false;
  for (;;) {
    const number = readNumber(cursor.next(), type);
    if (number === undefined) throw new NotUnderstood('a flag is not known');
    bits |= number;
    const next = cursor.take(',', '|');
    if (next === undefined) return { bits, isList };
    isList ||= next === ',';
  }
}

function plainTest(type: Datatype, operator: Operator, cursor: Cursor, scope: Scope): ValueTest {
  const pattern = readPattern(cursor.peek() ?? '', type);
  const isPlain = operator === 'implied' || operator === '==' || operator === '!=';
  if (pattern !== undefined && isPlain && !isOperator(cursor.peek(1))) {
    const text = cursor.next();
    return ([value = ABSENT]) => {
      if (value.kind === 'absent') return false;
      // `oif 0` asks for no route.
      if (text === '0' && isNoDevice(value)) return operator !== '!=';
      if (text === '0' && value.kind === 'name') return operator === '!=';
      const result = pattern(value);
      return operator === '!=' ? negate(result) : result;
    };
  }
  return equalityTest(type, operator, cursor, scope);
}

function isOperator(text: string | undefined): boolean {
  return text !== undefined && ['|', '&', '^', '<<', '>>', 'or', 'and', 'xor'].includes(text);
}

function equalityTest(type: Datatype, operator: Operator, cursor: Cursor, scope: Scope): ValueTest {
  const right = readExpression(cursor, scope, type.kind === 'number' ? type : undefined);
  if (right.types.length !== 1) throw new NotUnderstood('a comparison is not understood');
  return ([value = ABSENT], context) => {
    if (value.kind === 'absent') return false;
    if (value.kind === 'unsure') return unsure(value.reason);
    const [other] = right.read(context);
    if (other?.kind !== 'number') return unsure('the comparison is not modelled');
    const limit = other.number;
    if (value.kind === 'uniform') return { probability: chance(value.size, operator, limit) };
    return value.kind === 'number'
      ? compare(value.number, operator, limit)
      : unsure('the comparison is not modelled');
  };
}

function compare(value: number, operator: Operator, limit: number): boolean {
  switch (operator) {
    case '<':
      return value < limit;
    case '>':
      return value > limit;
    case '<=':
      return value <= limit;
    case '>=':
      return value >= limit;
    case '!=':
      return value !== limit;
    default:
      return value === limit;
  }
}

/** The chance that a random number from 0 to `size - 1` passes. */
function chance(size: number, operator: Operator, limit: number): number {
  const below = Math.min(Math.max(limit, 0), size) / size;
  const equal = limit >= 0 && limit < size ? 1 / size : 0;
  switch (operator) {
    case '<':
      return below;
    case '<=':
      return below + equal;
    case '>':
      return 1 - below - equal;
    case '>=':
      return 1 - below;
    case '!=':
      return 1 - equal;
    default:
      return equal;
  }
}

function verdictMap(key: Expression, cursor: Cursor, scope: Scope): Statement {
  const index = readSet(cursor, scope, key.types);
  return (context, _note, rule): StatementResult => {
    const element = index.find(key.read(context));
    if (element === 'unsure') {
      const text = `the element of the map is not known: ${rule.text}`;
      const outcomes = ['break', { kind: 'accept' }, { kind: 'drop' }] as const;
      return outcomes[context.choices.unsure({ ...rule.place, text, isMissing: false }, 3)] ?? 'break';
    }
    return element?.verdict === undefined ? 'break' : verdictResult(element.verdict);
  };
}

/** A verdict of nft as a result; `continue` goes on with the next rule's statement. */
export function verdictResult(verdict: NftVerdict): StatementResult {
  switch (verdict.kind) {
    case 'continue':
      return 'break';
    case 'jump':
    case 'goto':
      return { kind: verdict.kind, chain: verdict.chain ?? '' };
    case 'reject':
      return { kind: 'reject', with: 'icmp-port-unreachable' };
    case 'queue':
      return { kind: 'drop' };
    default:
      return { kind: verdict.kind };
  }
}
