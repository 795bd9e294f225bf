import type { SourceLimits } from '../limits.ts';
import type { ByteStream } from './byte-stream.ts';

/** Watches how much a source unpacks to, over all its files. */
export class Meter {
  readonly #limits: SourceLimits;
  #packed = 0;
  #unpacked = 0;

  constructor(limits: SourceLimits) {
    this.#limits = limits;
  }

  /** Counts packed bytes. */
  addPacked(bytes: number): void {
    this.#packed += bytes;
  }

  /** Counts unpacked bytes; says why reading has to stop, if it has to. */
  addUnpacked(bytes: number): string | undefined {
    this.#unpacked += bytes;
    const { maxTotalBytes, maxRatio, ratioGraceBytes } = this.#limits;
    if (this.#unpacked > maxTotalBytes) {
      return `unpacks to more than ${maxTotalBytes} bytes; the rest was not read. Raise the limit if this is expected`;
    }
    if (this.#unpacked > ratioGraceBytes && this.#unpacked > this.#packed * maxRatio) {
      return `unpacks to more than ${maxRatio} times its size, as archives made to do harm do; the rest was not read. Raise the limit if this is expected`;
    }
    return undefined;
  }

  /** Counts the bytes of a packed stream that pass. */
  packed(stream: ByteStream): ByteStream {
    return { chunks: this.#count(stream.chunks), cut: () => stream.cut() };
  }

  async *#count(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      this.addPacked(chunk.length);
      yield chunk;
    }
  }

  /** Lets an unpacked stream pass up to the limits. */
  unpacked(stream: ByteStream): ByteStream {
    let stop: string | undefined;
    return {
      chunks: this.#limit(stream.chunks, (reason) => (stop = reason)),
      cut: () => stop ?? stream.cut(),
    };
  }

  async *#limit(
    chunks: AsyncIterable<Uint8Array>,
    stopped: (reason: string) => void,
  ): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      const stop = this.addUnpacked(chunk.length);
      if (stop !== undefined) {
        stopped(stop);
        return;
      }
      yield chunk;
    }
  }
}
