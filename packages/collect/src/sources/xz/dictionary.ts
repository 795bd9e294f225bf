/** The bytes that were unpacked last, for matches to repeat, and the room for the next ones. */
export class Dictionary {
  readonly #size: number;
  #bytes: Uint8Array;
  #position = 0;
  /** How far back matches may reach: up to the last reset. */
  #filled = 0;
  #limit = 0;

  /** `size` is the largest distance of a match. Memory grows with what is really unpacked, up to twice the size. */
  constructor(size: number) {
    this.#size = size;
    this.#bytes = new Uint8Array(Math.min(size, 2 ** 18));
  }

  get position(): number {
    return this.#position;
  }

  /** The bytes from `position` on, as a copy. */
  since(position: number): Uint8Array {
    return this.#bytes.slice(position, this.#position);
  }

  /** Forgets everything before. */
  reset(): void {
    this.#filled = 0;
  }

  /** Makes room for a chunk and gives the position where it starts. */
  begin(length: number): number {
    if (this.#position + length > this.#bytes.length) this.#makeRoom(length);
    this.#limit = this.#position + length;
    return this.#position;
  }

  #makeRoom(length: number): void {
    const kept = Math.min(this.#position, this.#size);
    const most = 2 * this.#size + length;
    const old = this.#bytes;
    if (this.#position + length > most || old.length >= most) {
      old.copyWithin(0, this.#position - kept, this.#position);
      this.#position = kept;
    }
    if (this.#position + length <= old.length) return;
    this.#bytes = new Uint8Array(Math.min(most, Math.max(2 * old.length, this.#position + length)));
    this.#bytes.set(old.subarray(0, this.#position));
  }

  /** True when the chunk has all its bytes. */
  isFull(): boolean {
    return this.#position >= this.#limit;
  }

  /** The byte `distance` before the next one; 1 is the last byte. 0 before the start. */
  back(distance: number): number {
    return distance > this.#filled ? 0 : (this.#bytes[this.#position - distance] ?? 0);
  }

  put(byte: number): void {
    this.#bytes[this.#position++] = byte;
    this.#filled++;
  }

  /** Adds bytes as they are. */
  append(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#position);
    this.#position += bytes.length;
    this.#filled += bytes.length;
  }

  /** Repeats `length` bytes from `distance` before. False when it reaches too far back or over the end of the chunk. */
  repeat(distance: number, length: number): boolean {
    if (distance > this.#filled || distance > this.#size || this.#position + length > this.#limit)
      return false;
    const bytes = this.#bytes;
    const to = this.#position;
    if (distance >= length) bytes.copyWithin(to, to - distance, to - distance + length);
    else for (let index = 0; index < length; index++) bytes[to + index] = bytes[to + index - distance] ?? 0;
    this.#position += length;
    this.#filled += length;
    return true;
  }
}
