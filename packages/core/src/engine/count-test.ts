import type { Answer } from '../model/finding.ts';

/** How many things must be there. Without either, at least one. */
export interface CountTest {
  readonly 'at-least'?: number;
  readonly 'at-most'?: number;
}

/** Schema properties of a {@link CountTest}, to be spread into a condition's own. */
export const COUNT_TEST_PROPERTIES = {
  'at-least': { type: 'integer', minimum: 0 },
  'at-most': { type: 'integer', minimum: 0 },
};

/**
 * Whether a number of things that were found passes. With incomplete evidence there may be more of them: that can
 * not undo "at least" and can not prove "at most".
 */
export function testCount(found: number, test: CountTest, complete: boolean): Answer {
  const { 'at-least': least = test['at-most'] === undefined ? 1 : 0, 'at-most': most } = test;
  if (most !== undefined && found > most) return 'no';
  if (found >= least && (complete || most === undefined)) return 'yes';
  return complete ? 'no' : 'unknown';
}

/** The test as the beginning of a sentence: `at least 2`. */
export function describeCount(test: CountTest): string {
  const { 'at-least': least, 'at-most': most } = test;
  if (most === undefined) return `at least ${least ?? 1}`;
  return least === undefined ? `at most ${most}` : `${least} to ${most}`;
}
