import { expect, it } from 'vitest';
import { describeCount, testCount } from './count-test.ts';

it.each([
  [1, {}, true, 'yes'],
  [0, {}, true, 'no'],
  [0, {}, false, 'unknown'],
  [1, {}, false, 'yes'],
  [0, { 'at-most': 0 }, true, 'yes'],
  [0, { 'at-most': 0 }, false, 'unknown'],
  [1, { 'at-most': 0 }, false, 'no'],
  [2, { 'at-least': 2, 'at-most': 3 }, true, 'yes'],
  [1, { 'at-least': 2, 'at-most': 3 }, false, 'unknown'],
] as const)('%i found, %j, complete %s: %s', (found, test, complete, answer) => {
  expect(testCount(found, test, complete)).toBe(answer);
});

it('reads as the beginning of a sentence', () => {
  expect([{}, { 'at-most': 0 }, { 'at-least': 2, 'at-most': 3 }].map(describeCount)).toEqual([
    'at least 1',
    'at most 0',
    '2 to 3',
  ]);
});
