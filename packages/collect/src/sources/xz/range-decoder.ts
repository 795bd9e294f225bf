const TOP = 2 ** 24;
const MODEL_TOTAL = 2048;
const MOVE = 5;

/** Thrown when a chunk asks for more bits than it has; decoding stops at the symbol before. */
export class OutOfInput extends Error {}

/** The range decoder of LZMA over the bytes of one chunk. */
export class RangeDecoder {
  readonly #input: Uint8Array;
  #position = 5;
  #range = 0xffffffff;
  #code: number;

  constructor(input: Uint8Array) {
    if (input.length < 5) throw new OutOfInput();
    this.#input = input;
    const view = new DataView(input.buffer, input.byteOffset);
    this.#code = view.getUint32(1);
  }

  /** Whether the whole chunk was used and nothing is left over, as at the end of each chunk. */
  isFinished(): boolean {
    if (this.#range < TOP) this.#normalise();
    return this.#position === this.#input.length && this.#code === 0;
  }

  /** Decodes a bit with the adaptive probability at `index`, and adapts it. */
  bit(probabilities: Uint16Array, index: number): 0 | 1 {
    if (this.#range < TOP) this.#normalise();
    const probability = probabilities[index] ?? 0;
    const bound = (this.#range >>> 11) * probability;
    if (this.#code < bound) {
      this.#range = bound;
      probabilities[index] = probability + ((MODEL_TOTAL - probability) >>> MOVE);
      return 0;
    }
    this.#code -= bound;
    this.#range -= bound;
    probabilities[index] = probability - (probability >>> MOVE);
    return 1;
  }

  /** Decodes `count` bits, the highest first, with a tree of probabilities that starts at `base`. */
  tree(probabilities: Uint16Array, base: number, count: number): number {
    let node = 1;
    for (let left = count; left > 0; left--) node = (node << 1) | this.bit(probabilities, base + node);
    return node - (1 << count);
  }

  /** The same with the lowest bit first. */
  reverseTree(probabilities: Uint16Array, base: number, count: number): number {
    let node = 1;
    let value = 0;
    for (let index = 0; index < count; index++) {
      const bit = this.bit(probabilities, base + node);
      node = (node << 1) | bit;
      value |= bit << index;
    }
    return value;
  }

  /** Decodes `count` bits of equal probability. */
  direct(count: number): number {
    let value = 0;
    for (let left = count; left > 0; left--) {
      if (this.#range < TOP) this.#normalise();
      this.#range >>>= 1;
      const bit = this.#code >= this.#range ? 1 : 0;
      if (bit === 1) this.#code -= this.#range;
      value = value * 2 + bit;
    }
    return value;
  }

  #normalise(): void {
    const next = this.#input[this.#position++];
    if (next === undefined) throw new OutOfInput();
    this.#range = (this.#range << 8) >>> 0;
    this.#code = ((this.#code << 8) | next) >>> 0;
  }
}
