import type { Dictionary } from './dictionary.ts';
import { OutOfInput, RangeDecoder } from './range-decoder.ts';

const STATES = 12;
const POSITION_STATES = 16;
const HALF = 1024;
const LITERAL_SIZE = 0x300;
const LENGTH_CODER_SIZE = 2 + 2 * POSITION_STATES * 8 + 256;

/** Where each group of probabilities starts; names as in the LZMA specification of Igor Pavlov. */
const IS_MATCH = 0;
const IS_REP = IS_MATCH + STATES * POSITION_STATES;
const IS_REP_G0 = IS_REP + STATES;
const IS_REP_G1 = IS_REP_G0 + STATES;
const IS_REP_G2 = IS_REP_G1 + STATES;
const IS_REP0_LONG = IS_REP_G2 + STATES;
const POSITION_SLOT = IS_REP0_LONG + STATES * POSITION_STATES;
const POSITION_SPECIAL = POSITION_SLOT + 4 * 64;
const ALIGN = POSITION_SPECIAL + 128;
const LENGTH = ALIGN + 16;
const REP_LENGTH = LENGTH + LENGTH_CODER_SIZE;
const LITERAL = REP_LENGTH + LENGTH_CODER_SIZE;

/** How a chunk ended. */
export type ChunkEnd = 'whole' | 'cut' | 'damaged';

/** Decodes LZMA chunks into a dictionary; probabilities and recent distances live on from chunk to chunk. */
export class LzmaDecoder {
  readonly #dictionary: Dictionary;
  #probabilities = new Uint16Array();
  #literalContextBits = 0;
  #literalPositionMask = 0;
  #positionMask = 0;
  #state = 0;
  #rep0 = 1;
  #rep1 = 1;
  #rep2 = 1;
  #rep3 = 1;
  /** Bytes since the properties were set; the position bits of contexts count from there. */
  #total = 0;

  constructor(dictionary: Dictionary) {
    this.#dictionary = dictionary;
  }

  /** Takes the properties byte of a chunk and starts anew; false when there are no such properties. */
  setProperties(byte: number): boolean {
    const lc = byte % 9;
    const rest = Math.floor(byte / 9);
    const lp = rest % 5;
    const pb = Math.floor(rest / 5);
    if (pb > 4 || lc + lp > 4) return false;
    this.#literalContextBits = lc;
    this.#literalPositionMask = 2 ** lp - 1;
    this.#positionMask = 2 ** pb - 1;
    this.#probabilities = new Uint16Array(LITERAL + LITERAL_SIZE * 2 ** (lc + lp));
    this.resetState();
    return true;
  }

  /** Forgets what was learnt from earlier chunks. */
  resetState(): void {
    this.#probabilities.fill(HALF);
    this.#state = 0;
    this.#rep0 = 1;
    this.#rep1 = 1;
    this.#rep2 = 1;
    this.#rep3 = 1;
  }

  /** Counts bytes that came unpacked between chunks. */
  addPlain(bytes: number): void {
    this.#total += bytes;
  }

  /** Starts counting positions again, as a reset of the dictionary does. */
  resetPosition(): void {
    this.#total = 0;
  }

  /** Decodes one chunk; the dictionary knows how many bytes it has. */
  decode(input: Uint8Array): ChunkEnd {
    try {
      const range = new RangeDecoder(input);
      while (!this.#dictionary.isFull()) if (!this.#symbol(range)) return 'damaged';
      return range.isFinished() ? 'whole' : 'damaged';
    } catch (error) {
      if (error instanceof OutOfInput) return 'cut';
      throw error;
    }
  }

  #symbol(range: RangeDecoder): boolean {
    const probabilities = this.#probabilities;
    const positionState = this.#total & this.#positionMask;
    const stateAndPosition = (this.#state << 4) + positionState;
    if (range.bit(probabilities, IS_MATCH + stateAndPosition) === 0) {
      this.#literal(range);
      return true;
    }
    if (range.bit(probabilities, IS_REP + this.#state) === 0) return this.#match(range, positionState);
    return this.#repeatedMatch(range, positionState, stateAndPosition);
  }

  #literal(range: RangeDecoder): void {
    const probabilities = this.#probabilities;
    const previous = this.#dictionary.back(1);
    const context =
      ((this.#total & this.#literalPositionMask) << this.#literalContextBits) +
      (previous >>> (8 - this.#literalContextBits));
    const base = LITERAL + LITERAL_SIZE * context;
    let symbol = 1;
    if (this.#state >= 7) {
      let matched = this.#dictionary.back(this.#rep0);
      do {
        const matchBit = (matched >>> 7) & 1;
        matched <<= 1;
        const bit = range.bit(probabilities, base + ((1 + matchBit) << 8) + symbol);
        symbol = (symbol << 1) | bit;
        if (matchBit !== bit) break;
      } while (symbol < 0x100);
    }
    while (symbol < 0x100) symbol = (symbol << 1) | range.bit(probabilities, base + symbol);
    this.#dictionary.put(symbol & 0xff);
    this.#total++;
    this.#state = this.#state < 4 ? 0 : this.#state < 10 ? this.#state - 3 : this.#state - 6;
  }

  #match(range: RangeDecoder, positionState: number): boolean {
    const length = this.#length(range, LENGTH, positionState);
    const distance = this.#distance(range, length);
    this.#rep3 = this.#rep2;
    this.#rep2 = this.#rep1;
    this.#rep1 = this.#rep0;
    this.#rep0 = distance;
    this.#state = this.#state < 7 ? 7 : 10;
    return this.#copy(length);
  }

  #repeatedMatch(range: RangeDecoder, positionState: number, stateAndPosition: number): boolean {
    const probabilities = this.#probabilities;
    if (range.bit(probabilities, IS_REP_G0 + this.#state) === 0) {
      if (range.bit(probabilities, IS_REP0_LONG + stateAndPosition) === 0) {
        this.#state = this.#state < 7 ? 9 : 11;
        return this.#copy(1);
      }
    } else {
      this.#chooseDistance(range);
    }
    const length = this.#length(range, REP_LENGTH, positionState);
    this.#state = this.#state < 7 ? 8 : 11;
    return this.#copy(length);
  }

  #chooseDistance(range: RangeDecoder): void {
    const probabilities = this.#probabilities;
    const last = this.#rep0;
    if (range.bit(probabilities, IS_REP_G1 + this.#state) === 0) {
      this.#rep0 = this.#rep1;
    } else {
      if (range.bit(probabilities, IS_REP_G2 + this.#state) === 0) this.#rep0 = this.#rep2;
      else {
        this.#rep0 = this.#rep3;
        this.#rep3 = this.#rep2;
      }
      this.#rep2 = this.#rep1;
    }
    this.#rep1 = last;
  }

  #copy(length: number): boolean {
    this.#total += length;
    return this.#dictionary.repeat(this.#rep0, length);
  }

  #length(range: RangeDecoder, coder: number, positionState: number): number {
    const probabilities = this.#probabilities;
    const low = coder + 2 + (positionState << 3);
    if (range.bit(probabilities, coder) === 0) return 2 + range.tree(probabilities, low, 3);
    const middle = low + POSITION_STATES * 8;
    if (range.bit(probabilities, coder + 1) === 0) return 10 + range.tree(probabilities, middle, 3);
    return 18 + range.tree(probabilities, coder + 2 + 2 * POSITION_STATES * 8, 8);
  }

  #distance(range: RangeDecoder, length: number): number {
    const probabilities = this.#probabilities;
    const slot = range.tree(probabilities, POSITION_SLOT + (Math.min(length - 2, 3) << 6), 6);
    if (slot < 4) return slot + 1;
    const bits = (slot >>> 1) - 1;
    const base = (2 | (slot & 1)) * 2 ** bits;
    if (slot < 14) {
      return base + range.reverseTree(probabilities, POSITION_SPECIAL + base - slot, bits) + 1;
    }
    return base + range.direct(bits - 4) * 16 + range.reverseTree(probabilities, ALIGN, 4) + 1;
  }
}
