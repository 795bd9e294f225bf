/** Slots at first; always a power of two. */
const FIRST_SLOTS = 16;
/** Numbers of one slot: the key and its value, which is 0 in a free slot. */
const WIDTH = 2;

/**
 * A number under each of many numbers. There is one such map for each node, with an entry for nearly every other one, so it is a
 * hash table in one block of memory (open addressing with linear probing).
 */
export class NumberMap {
  #slots = new Int32Array(FIRST_SLOTS * WIDTH);
  #mask = FIRST_SLOTS - 1;
  #size = 0;

  /** How many numbers there are. */
  get size(): number {
    return this.#size;
  }

  /** 0 for what is not there. */
  get(key: number): number {
    return this.#slots[this.#find(key) + 1] ?? 0;
  }

  /** `value` is a number of 32 bits and not 0. */
  set(key: number, value: number): void {
    const at = this.#find(key);
    const isNew = this.#slots[at + 1] === 0;
    this.#slots[at] = key;
    this.#slots[at + 1] = value;
    if (!isNew) return;
    this.#size++;
    if (this.#size * 2 > this.#mask) this.#grow();
  }

  *keys(): Generator<number> {
    const slots = this.#slots;
    for (let at = 0; at < slots.length; at += WIDTH) if (slots[at + 1] !== 0) yield slots[at] ?? 0;
  }

  /** Where a key stands, or else the free slot where it belongs. */
  #find(key: number): number {
    const slots = this.#slots;
    const mixed = Math.imul(key, 0x9e3779b1);
    let slot = (mixed ^ (mixed >>> 15)) & this.#mask;
    for (;;) {
      const at = slot * WIDTH;
      if (slots[at + 1] === 0 || slots[at] === key) return at;
      slot = (slot + 1) & this.#mask;
    }
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2);
    this.#mask = this.#mask * 2 + 1;
    for (let at = 0; at < old.length; at += WIDTH) {
      const [key = 0, value = 0] = [old[at], old[at + 1]];
      if (value === 0) continue;
      const slot = this.#find(key);
      this.#slots[slot] = key;
      this.#slots[slot + 1] = value;
    }
  }
}
