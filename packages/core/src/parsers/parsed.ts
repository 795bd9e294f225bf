import type { Place } from '../model/evidence.ts';

/** Something a parser met and did not understand. Never an exception: the rest of the text is still used. */
export interface Problem extends Place {
  /** One short sentence in plain English; says what was expected. */
  readonly reason: string;
  /** The text itself, cut to {@link PROBLEM_TEXT_LIMIT} characters. */
  readonly text?: string;
}

const PROBLEM_TEXT_LIMIT = 200;

/** A parser keeps at most this many problems of one text; the last one then says how many were left out. */
export const PROBLEM_LIMIT = 100;

/** What every parser returns: what was understood, and what was not. */
export interface Parsed<T> {
  readonly value: T;
  readonly problems: readonly Problem[];
}

/** Collects problems up to {@link PROBLEM_LIMIT} and cuts long texts. */
export class ProblemLog {
  readonly #problems: Problem[] = [];
  #leftOut = 0;

  add(place: Place, reason: string, text?: string): void {
    if (this.#problems.length >= PROBLEM_LIMIT) {
      this.#leftOut++;
      return;
    }
    this.#problems.push(
      text === undefined
        ? { ...place, reason }
        : { ...place, reason, text: text.slice(0, PROBLEM_TEXT_LIMIT) },
    );
  }

  /** All problems so far, with one more that counts those beyond the limit. */
  list(): readonly Problem[] {
    if (this.#leftOut === 0) return this.#problems;
    return [...this.#problems, { reason: `${this.#leftOut} more lines were not understood` }];
  }
}
