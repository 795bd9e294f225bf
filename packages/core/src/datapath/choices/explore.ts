import type { NotModelled } from '../model/answer.ts';
import type { Choices, UnsurePoint } from './choices.ts';

/** Walks per question. Beyond it, ways that were not walked count as unknown. */
const WALK_LIMIT = 20_000;
/** What all walks of a question together may be long; those that go in circles are much longer than others. */
const LENGTH_LIMIT = 200_000;
/** Forks of unknown meaning that are followed one inside the other. */
const UNSURE_LIMIT = 10;

export interface Weighted<T> {
  readonly probability: number;
  readonly value: T;
}

/** What `explore` has to know about the ends of walks. */
export interface Ends<T> {
  /** Equal keys mean that nobody could tell the two ends apart. */
  key(value: T): string;
  /** The same end, as something that is not known. */
  unknown(value: T): T;
  /** Whether the packet surely does not arrive. */
  isLost(value: T): boolean;
  /** How many stages the walk had. */
  length(value: T): number;
}

export interface Explored<T> {
  readonly ends: readonly Weighted<T>[];
  readonly notModelled: readonly NotModelled[];
  /** How many walks it took: 1 where nothing was to be decided. */
  readonly walks: number;
}

/**
 * Runs a walk again and again until every way through its forks was taken, and weighs the ends.
 * A fork of chance adds up its ways. A fork of unknown meaning must end the same whatever the meaning is: what does not
 * becomes an unknown end.
 */
export function explore<T>(walk: (choices: Choices) => T, ends: Ends<T>): Explored<T> {
  const explorer = new Explorer(walk, ends);
  const found = explorer.all([], 0);
  return { ends: found, notModelled: [...explorer.notModelled.values()], walks: explorer.walks };
}

type Decision =
  | { readonly kind: 'random'; readonly weights: readonly number[]; readonly taken: number }
  | {
      readonly kind: 'unsure';
      readonly point: UnsurePoint;
      readonly count: number;
      readonly taken: number;
    };

class Explorer<T> {
  readonly notModelled = new Map<string, NotModelled>();
  readonly #walk: (choices: Choices) => T;
  readonly #ends: Ends<T>;
  #walks = 0;
  #length = 0;

  constructor(walk: (choices: Choices) => T, ends: Ends<T>) {
    this.#walk = walk;
    this.#ends = ends;
  }

  /** All ends of the walks that begin with the given decisions. */
  all(prefix: readonly number[], unsureDepth: number): readonly Weighted<T>[] {
    const { decisions, end } = this.#replay(prefix);
    let found: readonly Weighted<T>[] = [{ probability: 1, value: end }];
    for (let index = decisions.length - 1; index >= prefix.length; index--) {
      const decision = decisions[index];
      if (decision === undefined) continue;
      const before = decisions.slice(0, index).map(({ taken }) => taken);
      if (decision.kind === 'random') found = this.#mix(decision.weights, found, before, unsureDepth);
      else found = this.#compare(decision.point, decision.count, found, before, unsureDepth);
    }
    return found;
  }

  get walks(): number {
    return this.#walks;
  }

  #replay(prefix: readonly number[]): { readonly decisions: readonly Decision[]; readonly end: T } {
    this.#walks++;
    const decisions: Decision[] = [];
    const end = this.#walk({
      random: (weights) => {
        const taken = prefix[decisions.length] ?? 0;
        decisions.push({ kind: 'random', weights, taken });
        return taken;
      },
      unsure: (point, count) => {
        const taken = prefix[decisions.length] ?? 0;
        decisions.push({ kind: 'unsure', point, count, taken });
        return taken;
      },
    });
    this.#length += this.#ends.length(end);
    return { decisions, end };
  }

  get #isSpent(): boolean {
    return this.#walks >= WALK_LIMIT || this.#length >= LENGTH_LIMIT;
  }

  #mix(
    weights: readonly number[],
    first: readonly Weighted<T>[],
    before: readonly number[],
    unsureDepth: number,
  ): readonly Weighted<T>[] {
    const mixed: Weighted<T>[] = [];
    for (const [taken, weight] of weights.entries()) {
      if (weight <= 0) continue;
      const way =
        taken === 0
          ? first
          : !this.#isSpent
            ? this.all([...before, taken], unsureDepth)
            : first.map(({ probability, value }) => ({ probability, value: this.#ends.unknown(value) }));
      for (const { probability, value } of way) mixed.push({ probability: probability * weight, value });
    }
    return this.#merge(mixed);
  }

  #compare(
    point: UnsurePoint,
    count: number,
    first: readonly Weighted<T>[],
    before: readonly number[],
    unsureDepth: number,
  ): readonly Weighted<T>[] {
    if (count === 1) {
      this.#note(point, true);
      return first;
    }
    const isTooMuch = this.#isSpent || unsureDepth >= UNSURE_LIMIT;
    let agreed: readonly Weighted<T>[] = isTooMuch ? [] : first;
    let areLost = !isTooMuch && this.#areLost(first);
    for (let taken = 1; taken < count && agreed.length > 0; taken++) {
      const way = this.all([...before, taken], unsureDepth + 1);
      agreed = this.#common(agreed, way);
      areLost &&= this.#areLost(way);
    }
    const sum = agreed.reduce((total, { probability }) => total + probability, 0);
    const changes = sum < 1 - 1e-9;
    this.#note(point, changes);
    // Where evidence is missing and the packet is lost whatever it would say, the loss that was seen is the answer.
    if (!changes || (point.isMissing && areLost)) return first;
    return this.#merge([...agreed, ...this.#rest(first, agreed)]);
  }

  #areLost(ends: readonly Weighted<T>[]): boolean {
    return ends.every(({ value }) => this.#ends.isLost(value));
  }

  /** What both have, with the smaller of the two probabilities. */
  #common(left: readonly Weighted<T>[], right: readonly Weighted<T>[]): readonly Weighted<T>[] {
    const others = new Map(right.map(({ probability, value }) => [this.#ends.key(value), probability]));
    return left.flatMap(({ probability, value }) => {
      const other = others.get(this.#ends.key(value));
      return other === undefined ? [] : [{ probability: Math.min(probability, other), value }];
    });
  }

  /** What of the expected ends nobody can be sure of. */
  #rest(first: readonly Weighted<T>[], agreed: readonly Weighted<T>[]): readonly Weighted<T>[] {
    const sure = new Map(agreed.map(({ probability, value }) => [this.#ends.key(value), probability]));
    return first.flatMap(({ probability, value }) => {
      const left = probability - (sure.get(this.#ends.key(value)) ?? 0);
      return left > 1e-12 ? [{ probability: left, value: this.#ends.unknown(value) }] : [];
    });
  }

  #note({ isMissing: _, ...point }: UnsurePoint, couldChangeAnswer: boolean): void {
    const key = `${point.file}\n${point.line ?? point.pointer ?? ''}\n${point.text}`;
    const known = this.notModelled.get(key);
    if (known?.couldChangeAnswer === true) return;
    this.notModelled.set(key, { ...point, couldChangeAnswer });
  }

  /** Ends that nobody can tell apart become one. */
  #merge(ends: readonly Weighted<T>[]): readonly Weighted<T>[] {
    const merged = new Map<string, Weighted<T>>();
    for (const end of ends) {
      const key = this.#ends.key(end.value);
      const known = merged.get(key);
      merged.set(
        key,
        known === undefined ? end : { ...known, probability: known.probability + end.probability },
      );
    }
    return [...merged.values()];
  }
}
