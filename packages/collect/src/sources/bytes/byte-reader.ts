import type { ByteStream } from './byte-stream.ts';

/** Reads a stream in portions of any size, with at most one portion and one chunk in memory. */
export class ByteReader {
  readonly #iterator: AsyncIterator<Uint8Array>;
  readonly #cut: () => string | undefined;
  #queue: Uint8Array[] = [];
  #available = 0;
  #ended = false;
  #offset = 0;

  constructor(stream: ByteStream) {
    this.#iterator = stream.chunks[Symbol.asyncIterator]();
    this.#cut = () => stream.cut();
  }

  /** How many bytes were taken so far. */
  get offset(): number {
    return this.#offset;
  }

  /** Why the stream ended too early; known when less came than was asked for. */
  cut(): string | undefined {
    return this.#cut();
  }

  /** The next bytes without taking them; fewer than `length` only at the end. */
  async peek(length: number): Promise<Uint8Array> {
    await this.#fill(length);
    const [first] = this.#queue;
    if (first !== undefined && first.length >= length) return first.subarray(0, length);
    const joined = concat(this.#queue, Math.min(length, this.#available));
    return joined;
  }

  /** Takes the next bytes; fewer than `length` only at the end. */
  async take(length: number): Promise<Uint8Array> {
    const bytes = await this.peek(length);
    this.#drop(bytes.length);
    return bytes;
  }

  /** Takes the next bytes chunk by chunk; fewer than `length` only at the end. */
  async *stream(length: number): AsyncGenerator<Uint8Array> {
    for (let left = length; left > 0; ) {
      const chunk = await this.#next(left);
      if (chunk === undefined) return;
      left -= chunk.length;
      yield chunk;
    }
  }

  /** Drops the next bytes and tells how many there were. */
  async skip(length: number): Promise<number> {
    let left = length;
    while (left > 0) {
      const chunk = await this.#next(left);
      if (chunk === undefined) break;
      left -= chunk.length;
    }
    return length - left;
  }

  /** Everything that is left, as a stream. */
  rest(): ByteStream {
    return { chunks: this.stream(Number.POSITIVE_INFINITY), cut: this.#cut };
  }

  /** Gives up the stream and what stands behind it. */
  async close(): Promise<void> {
    this.#ended = true;
    this.#queue = [];
    this.#available = 0;
    await this.#iterator.return?.();
  }

  async #next(most: number): Promise<Uint8Array | undefined> {
    if (this.#available === 0) await this.#fill(1);
    const [first] = this.#queue;
    if (first === undefined) return undefined;
    const chunk = first.length <= most ? first : first.subarray(0, most);
    this.#drop(chunk.length);
    return chunk;
  }

  async #fill(length: number): Promise<void> {
    while (this.#available < length && !this.#ended) {
      const { value, done } = await this.#iterator.next();
      if (done === true) this.#ended = true;
      else if (value.length > 0) {
        this.#queue.push(value);
        this.#available += value.length;
      }
    }
  }

  #drop(length: number): void {
    this.#offset += length;
    this.#available -= length;
    let left = length;
    while (left > 0) {
      const first = this.#queue[0];
      if (first === undefined) return;
      if (first.length > left) {
        this.#queue[0] = first.subarray(left);
        return;
      }
      left -= first.length;
      this.#queue.shift();
    }
  }
}

function concat(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const piece of pieces) {
    if (offset >= length) break;
    const part = piece.subarray(0, length - offset);
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
