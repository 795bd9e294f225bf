import type { JsonSchema } from './condition.ts';

export type Scalar = string | number | boolean | null;

/** Tests of one value; all that are given must hold. Texts and numbers compare alike, so `is: 0` accepts `"0"`. */
export interface ValueTest {
  readonly is?: Scalar;
  readonly 'is-not'?: Scalar;
  readonly 'one-of'?: readonly Scalar[];
  readonly 'none-of'?: readonly Scalar[];
  readonly 'at-least'?: number;
  readonly 'at-most'?: number;
  readonly below?: number;
  readonly above?: number;
  /** Regular expression, found anywhere in the text. */
  readonly matches?: string;
  /** The list holds this value, or the text holds this text. */
  readonly contains?: Scalar;
  /** False: there is no such value. */
  readonly exists?: boolean;
  /** The list, map or text is empty (true) or holds something (false). A value that does not exist is empty. */
  readonly empty?: boolean;
}

const SCALAR = { type: ['string', 'number', 'boolean', 'null'] };

/** Schema properties of a {@link ValueTest}, to be spread into a condition's own. */
export const VALUE_TEST_PROPERTIES: Readonly<Record<keyof ValueTest, JsonSchema>> = {
  is: SCALAR,
  'is-not': SCALAR,
  'one-of': { type: 'array', items: SCALAR, minItems: 1 },
  'none-of': { type: 'array', items: SCALAR, minItems: 1 },
  'at-least': { type: 'number' },
  'at-most': { type: 'number' },
  below: { type: 'number' },
  above: { type: 'number' },
  matches: { type: 'string', format: 'regex' },
  contains: SCALAR,
  exists: { type: 'boolean' },
  empty: { type: 'boolean' },
};

type Check = (value: unknown, expected: never) => boolean;

const CHECKS: Readonly<Record<keyof ValueTest, Check>> = {
  is: (value, expected: Scalar) => same(value, expected),
  'is-not': (value, expected: Scalar) => !same(value, expected),
  'one-of': (value, expected: readonly Scalar[]) => expected.some((one) => same(value, one)),
  'none-of': (value, expected: readonly Scalar[]) => !expected.some((one) => same(value, one)),
  'at-least': (value, expected: number) => numberOf(value) >= expected,
  'at-most': (value, expected: number) => numberOf(value) <= expected,
  below: (value, expected: number) => numberOf(value) < expected,
  above: (value, expected: number) => numberOf(value) > expected,
  matches: (value, expected: string) => exists(value) && patternOf(expected).test(textOf(value)),
  contains: (value, expected: Scalar) => contains(value, expected),
  exists: (value, expected: boolean) => exists(value) === expected,
  empty: (value, expected: boolean) => isEmpty(value) === expected,
};

/** True if `value` passes every test given. A value that does not exist is `null` or `undefined`. */
export function passes(value: unknown, test: ValueTest): boolean {
  for (const name in test) {
    const expected = test[name as keyof ValueTest];
    if (expected !== undefined && !CHECKS[name as keyof ValueTest](value, expected as never)) return false;
  }
  return true;
}

const WORDS: Readonly<Record<keyof ValueTest, string>> = {
  is: 'is',
  'is-not': 'is not',
  'one-of': 'is one of',
  'none-of': 'is none of',
  'at-least': 'is at least',
  'at-most': 'is at most',
  below: 'is below',
  above: 'is above',
  matches: 'matches',
  contains: 'contains',
  exists: 'is set:',
  empty: 'is empty:',
};

/** The test as the end of a sentence: `is one of 0, 2`. */
export function describeTest(test: ValueTest): string {
  const parts: string[] = [];
  for (const name of Object.keys(WORDS) as (keyof ValueTest)[]) {
    const expected = test[name];
    if (expected === undefined) continue;
    if (name === 'exists') parts.push(expected ? 'is set' : 'is not set');
    else if (name === 'empty') parts.push(expected ? 'is empty' : 'is not empty');
    else parts.push(`${WORDS[name]} ${Array.isArray(expected) ? expected.join(', ') : String(expected)}`);
  }
  return parts.join(' and ');
}

const tests = new WeakMap<object, ValueTest>();

/** Only the test part of a condition's parameters. */
export function testIn(parameters: object): ValueTest {
  let test = tests.get(parameters);
  if (test === undefined) {
    test = Object.fromEntries(Object.entries(parameters).filter(([name]) => Object.hasOwn(CHECKS, name)));
    tests.set(parameters, test);
  }
  return test;
}

const patterns = new Map<string, RegExp>();

/** Compiled once. Catalogue checks make sure that the pattern is valid. */
export function patternOf(source: string): RegExp {
  let pattern = patterns.get(source);
  if (pattern === undefined) {
    pattern = new RegExp(source, 'mu');
    patterns.set(source, pattern);
  }
  return pattern;
}

function exists(value: unknown): boolean {
  return value !== null && value !== undefined;
}

function isEmpty(value: unknown): boolean {
  if (!exists(value)) return true;
  if (typeof value === 'string' || Array.isArray(value)) return value.length === 0;
  if (value instanceof Map || value instanceof Set) return value.size === 0;
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function same(value: unknown, expected: Scalar): boolean {
  if (!exists(value) || expected === null) return !exists(value) && expected === null;
  return textOf(value) === String(expected);
}

function contains(value: unknown, expected: Scalar): boolean {
  if (Array.isArray(value)) return value.some((item) => same(item, expected));
  if (value instanceof Map || value instanceof Set) return value.has(expected);
  if (typeof value === 'object' && value !== null) return Object.hasOwn(value, String(expected));
  return exists(value) && textOf(value).includes(String(expected));
}

/** NaN, which fails every comparison, for what is not a number. */
function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return Number.NaN;
  return Number(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string'
    ? value
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);
}
