import { wordsOf } from '../tool-output/index.ts';

/** Reads the words of one line from left to right. */
export class Words {
  readonly #words: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#words = wordsOf(text);
  }

  /** The next word without taking it, or `undefined` at the end. */
  peek(): string | undefined {
    return this.#words[this.#at];
  }

  /** Takes the next word, or `undefined` at the end. */
  next(): string | undefined {
    return this.#words[this.#at++];
  }

  /** Takes the next word when it is one of these. */
  take(...wanted: readonly string[]): string | undefined {
    const word = this.peek();
    if (word === undefined || !wanted.includes(word)) return undefined;
    this.#at++;
    return word;
  }
}
