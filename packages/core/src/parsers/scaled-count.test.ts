import { describe, expect, it } from 'vitest';
import { scaledCount } from './scaled-count.ts';

describe('scaledCount', () => {
  it.each([
    ['0', 0],
    ['345K', 345_000],
    ['6M', 6_000_000],
    ['7G', 7e9],
    ['1T', 1e12],
    ['-1', undefined],
    ['1.5K', undefined],
    ['x', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s', (text, expected) => {
    expect(scaledCount(text)).toBe(expected);
  });
});
