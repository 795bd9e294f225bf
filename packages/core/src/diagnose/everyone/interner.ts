/** Slots of the table of pairs at first; always a power of two. */
const FIRST_SLOTS = 1024;
/** Numbers of one slot: left, right, and the number of the pair, which is 0 in a free slot. */
const WIDTH = 3;

/** Gives equal things equal small numbers, so that they can be compared and kept cheaply. */
export class Interner {
  readonly #byText = new Map<string, number>();
  /**
   * A hash table of its own, open addressing with linear probing: there are millions of pairs, and most left numbers have only
   * one right number, for which a map of its own would be far too large.
   */
  #slots = new Int32Array(FIRST_SLOTS * WIDTH);
  #mask = FIRST_SLOTS - 1;
  #pairs = 0;
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

  /** The number of two numbers of 32 bits in this order. A list is a chain of pairs that begins with 0. */
  pair(left: number, right: number): number {
    const at = this.#find(left, right);
    const known = this.#slots[at + 2] ?? 0;
    if (known !== 0) return known;
    const id = this.#next++;
    this.#put(at, left, right, id);
    this.#pairs++;
    if (this.#pairs * 2 > this.#mask) this.#grow();
    return id;
  }

  /** Where a pair stands, or else the free slot where it belongs. */
  #find(left: number, right: number): number {
    const slots = this.#slots;
    let slot = hash(left, right) & this.#mask;
    for (;;) {
      const at = slot * WIDTH;
      if (slots[at + 2] === 0 || (slots[at] === left && slots[at + 1] === right)) return at;
      slot = (slot + 1) & this.#mask;
    }
  }

  #put(at: number, left: number, right: number, id: number): void {
    this.#slots[at] = left;
    this.#slots[at + 1] = right;
    this.#slots[at + 2] = id;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2);
    this.#mask = this.#mask * 2 + 1;
    for (let at = 0; at < old.length; at += WIDTH) {
      const [left = 0, right = 0, id = 0] = [old[at], old[at + 1], old[at + 2]];
      if (id !== 0) this.#put(this.#find(left, right), left, right, id);
    }
  }
}

/** The finishing steps of MurmurHash3, so that neighbouring numbers come to stand far apart. */
function hash(left: number, right: number): number {
  let mixed = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35);
  return mixed ^ (mixed >>> 13);
}
