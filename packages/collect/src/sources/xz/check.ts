import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** A checksum over the unpacked bytes of a block. */
export interface Check {
  update(bytes: Uint8Array): void;
  /** Whether the stored bytes are this checksum. */
  matches(stored: Uint8Array): boolean;
}

/** Size of the stored checksum by its id; ids without an algorithm are reserved (xz file format, section 2.1.1.2). */
const SIZES = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];

export function checkSize(id: number): number {
  return SIZES[id] ?? 0;
}

/** The checksum of an id. Unknown ones can not be compared, which the format allows, and match always. */
export function createCheck(id: number): Check {
  if (id === 1) return new Crc32();
  if (id === 4) return new Crc64();
  if (id === 10) return new Sha256();
  return { update: () => undefined, matches: () => true };
}

class Crc32 implements Check {
  #value = 0;

  update(bytes: Uint8Array): void {
    this.#value = crc32(bytes, this.#value);
  }

  matches(stored: Uint8Array): boolean {
    return new DataView(stored.buffer, stored.byteOffset).getUint32(0, true) === this.#value;
  }
}

class Sha256 implements Check {
  readonly #hash = createHash('sha256');

  update(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  matches(stored: Uint8Array): boolean {
    return this.#hash.digest().equals(stored);
  }
}

/** CRC-64 of ECMA-182 in two halves: 64-bit integers of JavaScript are ten times slower. */
class Crc64 implements Check {
  #low = 0xffffffff;
  #high = 0xffffffff;

  update(bytes: Uint8Array): void {
    let low = this.#low;
    let high = this.#high;
    for (let at = 0; at < bytes.length; at++) {
      const index = (low ^ (bytes[at] ?? 0)) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ (TABLE_LOW[index] ?? 0);
      high = (high >>> 8) ^ (TABLE_HIGH[index] ?? 0);
    }
    this.#low = low;
    this.#high = high;
  }

  matches(stored: Uint8Array): boolean {
    const view = new DataView(stored.buffer, stored.byteOffset);
    return view.getUint32(0, true) === ~this.#low >>> 0 && view.getUint32(4, true) === ~this.#high >>> 0;
  }
}

const POLYNOMIAL_LOW = 0xd7870f42;
const POLYNOMIAL_HIGH = 0xc96c5795;
const TABLE_LOW = new Int32Array(256);
const TABLE_HIGH = new Int32Array(256);

for (let index = 0; index < 256; index++) {
  let low = index;
  let high = 0;
  for (let bit = 0; bit < 8; bit++) {
    const isOdd = (low & 1) === 1;
    low = (low >>> 1) | (high << 31);
    high >>>= 1;
    if (isOdd) {
      low ^= POLYNOMIAL_LOW;
      high ^= POLYNOMIAL_HIGH;
    }
  }
  TABLE_LOW[index] = low;
  TABLE_HIGH[index] = high;
}
