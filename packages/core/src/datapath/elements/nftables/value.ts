import { type IpAddress, isSameAddress, parseAddress } from '../../../net/address.ts';
import { parsePrefix, prefixContains } from '../../../net/prefix.ts';
import { type TestResult, unsure } from '../../firewall/verdict.ts';

/** What an expression gives for one packet. */
export type Value =
  | { readonly kind: 'address'; readonly address: IpAddress }
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'name'; readonly name: string }
  /** A random number from 0 to `size - 1`. */
  | { readonly kind: 'uniform'; readonly size: number }
  /** Not part of this packet: the rule does not match. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'unsure'; readonly reason: string };

export const ABSENT: Value = { kind: 'absent' };

export function numberValue(number: number | undefined): Value {
  return number === undefined ? ABSENT : { kind: 'number', number };
}

/** What values an expression has, which tells how the values beside it are read. */
export interface Datatype {
  readonly kind: 'address' | 'number' | 'name';
  /** Whether comparing without an operator asks for any of the bits rather than for equality. */
  readonly isBitmask?: boolean;
  /** Numbers that have names. */
  named?(text: string): number | undefined;
}

export const ADDRESS: Datatype = { kind: 'address' };
export const NAME: Datatype = { kind: 'name' };
export const NUMBER: Datatype = { kind: 'number' };

/** Tells whether a value is the one, or among those, that a text stands for. */
export type Pattern = (value: Value) => TestResult;

/** `80`, `0x4000`, a name of the type; undefined for anything else. */
export function readNumber(text: string, type: Datatype): number | undefined {
  if (/^(?:0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text)) return Number(text);
  return type.named?.(text);
}

/** Reads one value of a set or of the right side of a match; undefined where it is not understood. */
export function readPattern(text: string, type: Datatype): Pattern | undefined {
  if (type.kind === 'name') return namePattern(text);
  return type.kind === 'address' ? addressPattern(text) : numberPattern(text, type);
}

function namePattern(text: string): Pattern {
  const isStart = text.endsWith('*') && !text.endsWith('\\*');
  const start = text.slice(0, -1);
  return (value) =>
    known(
      value,
      () => value.kind === 'name' && (isStart ? value.name.startsWith(start) : value.name === text),
    );
}

function addressPattern(text: string): Pattern | undefined {
  const [first, last] = text.split('-').map(parseAddress);
  if (text.includes('-')) {
    if (first === undefined || last === undefined) return undefined;
    return (value) =>
      known(
        value,
        () =>
          value.kind === 'address' &&
          value.address.family === first.family &&
          value.address.bits >= first.bits &&
          value.address.bits <= last.bits,
      );
  }
  if (first !== undefined) {
    return (value) => known(value, () => value.kind === 'address' && isSameAddress(value.address, first));
  }
  const prefix = parsePrefix(text);
  return prefix === undefined
    ? undefined
    : (value) => known(value, () => value.kind === 'address' && prefixContains(prefix, value.address));
}

function numberPattern(text: string, type: Datatype): Pattern | undefined {
  const whole = readNumber(text, type);
  const [low = '', high = ''] = whole === undefined ? text.split('-') : [];
  const first = whole ?? readNumber(low, type);
  const last = whole ?? readNumber(high, type);
  if (first === undefined || last === undefined) return undefined;
  return (value) => {
    if (value.kind === 'uniform') {
      const count = Math.min(last, value.size - 1) - first + 1;
      return { probability: Math.max(0, count) / value.size };
    }
    return known(value, () => value.kind === 'number' && value.number >= first && value.number <= last);
  };
}

function known(value: Value, test: () => boolean): TestResult {
  return value.kind === 'unsure' ? unsure(value.reason) : test();
}
