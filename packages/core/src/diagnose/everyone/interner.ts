/** Gives equal things equal small numbers, so that they can be compared and kept cheaply. */
export class Interner {
  readonly #byText = new Map<string, number>();
  readonly #byPair = new Map<number, Map<number, number>>();
  #next = 1;

  /** The number of a text. */
  text(text: string): number {
    let id = this.#byText.get(text);
    if (id === undefined) {
      id = this.#next++;
      this.#byText.set(text, id);
    }
    return id;
  }

  /** The number of two numbers in this order. A list is a chain of pairs that begins with 0. */
  pair(left: number, right: number): number {
    let byRight = this.#byPair.get(left);
    if (byRight === undefined) {
      byRight = new Map();
      this.#byPair.set(left, byRight);
    }
    let id = byRight.get(right);
    if (id === undefined) {
      id = this.#next++;
      byRight.set(right, id);
    }
    return id;
  }
}
