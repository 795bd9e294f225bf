import { describe, expect, it } from 'vitest';
import { lostSyns, parseSymptom } from './query.ts';

describe('symptoms in words', () => {
  it.each([
    ['63 seconds', [63]],
    ['1s delay', [1]],
    ['curl takes 1000 ms, then 3.0s', [1, 3]],
    ['a 7-second pause', [7]],
    ['hangs for 2 minutes', [120]],
    ['takes a minute', [60]],
    ['about one second, as always', [1]],
    ['MTU 1450 and 10.0.0.1', []],
  ])('%s', (text, seconds) => {
    expect(parseSymptom(text).seconds).toEqual(seconds);
  });

  it('does not take the unit of a delay for a word', () => {
    expect(parseSymptom('service takes 63 seconds').words).toEqual(['service']);
  });

  it.each([
    [1, 1],
    [3, 2],
    [7, 3],
    [63, 6],
    [62.5, 6],
    [5, undefined],
  ])('%s s means %s lost SYNs', (seconds, count) => {
    expect(lostSyns(seconds)).toBe(count);
  });
});
