import type { PairCounts } from './model.ts';
import { arrives, type Outcome, type Reach } from './outcome.ts';
import type { Unit } from './units.ts';

/** Pairs that share an outcome. */
export interface Group {
  readonly outcome: Outcome;
  pairs: number;
  readonly from: Set<Unit>;
  readonly to: Set<Unit>;
}

/** Counts pairs, and keeps those that do not arrive by their outcome. */
export class Tally {
  readonly #counts: Record<Reach, number> = { reachable: 0, 'handed-over': 0, broken: 0, unknown: 0 };
  readonly #groups = new Map<Outcome, Group>();

  add(from: Unit, to: Unit, count: number, outcome: Outcome): void {
    this.#counts[outcome.reach] += count;
    if (arrives(outcome.reach)) return;
    let group = this.#groups.get(outcome);
    if (group === undefined) {
      group = { outcome, pairs: 0, from: new Set(), to: new Set() };
      this.#groups.set(outcome, group);
    }
    group.pairs += count;
    group.from.add(from);
    group.to.add(to);
  }

  /** Those with the most pairs first. */
  get groups(): readonly Group[] {
    return [...this.#groups.values()].sort((left, right) => right.pairs - left.pairs);
  }

  /** With pairs that turned out to be broken where the walk alone did not show it. */
  counts(foundBroken: number): PairCounts {
    const { reachable, broken, unknown } = this.#counts;
    const handedOver = this.#counts['handed-over'];
    return {
      pairs: reachable + handedOver + broken + unknown,
      reachable,
      handedOver,
      broken: broken + foundBroken,
      unknown: unknown - foundBroken,
    };
  }
}
