import { describe, expect, it } from 'vitest';
import { describeTest, passes, type ValueTest } from './value-test.ts';

describe('testing a value', () => {
  it.each<[unknown, ValueTest, boolean]>([
    ['0', { is: 0 }, true],
    [0, { is: '0' }, true],
    ['1', { 'is-not': 0 }, true],
    [null, { is: 0 }, false],
    [null, { 'is-not': 0 }, true],
    [undefined, { exists: false }, true],
    ['12', { 'at-least': 12, below: 13 }, true],
    ['abc', { 'at-least': 0 }, false],
    [null, { 'at-most': 5 }, false],
    ['', { below: 5 }, false],
    [['a', 'b'], { contains: 'b' }, true],
    ['abc', { contains: 'bc' }, true],
    [{ key: 1 }, { contains: 'key' }, true],
    [[], { empty: true }, true],
    [null, { empty: true }, true],
    [{ a: 1 }, { empty: false }, true],
    ['x', { 'one-of': ['x', 'y'] }, true],
    [null, { 'none-of': ['x'] }, true],
    ['Always', { matches: '^(Always|CrossSubnet)$' }, true],
    [null, { matches: '.*' }, false],
  ])('%j with %j is %s', (value, test, expected) => {
    expect(passes(value, test)).toBe(expected);
  });

  it('reads as the end of a sentence', () => {
    expect(describeTest({ 'one-of': [0, 2], exists: true })).toBe('is one of 0, 2 and is set');
  });
});
