import type { Evidence } from '../../model/evidence.ts';

/** A place at which the walk can not know what the kernel would do. */
export interface UnsurePoint extends Evidence {
  readonly text: string;
  /** True where evidence is missing; false where it is there and its meaning is not modelled. */
  readonly isMissing: boolean;
}

/** What decides at every fork of a walk. The same decisions lead to the same walk. */
export interface Choices {
  /** Which of several ways chance takes; the weights add up to 1. */
  random(weights: readonly number[]): number;
  /**
   * Which of `count` meanings something unknown has; 0 is the one to be expected. With a count of 1 the walk goes on, and the
   * answer names the point as one that could change it.
   */
  unsure(point: UnsurePoint, count: number): number;
}
