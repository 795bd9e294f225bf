import type { Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { type ByteStream, messageOf } from '../bytes/byte-stream.ts';

/** Compressions of one stream. */
export type Compression = 'gzip' | 'zstd';

/** Small pieces, because each may unpack to a thousand times its size before anything is passed on. */
const PIECE = 16 * 1024;

/** Unpacked bytes come in chunks of this size: every chunk passes half a dozen readers, so few large ones are cheap. */
const UNPACKED_CHUNK = 256 * 1024;

/**
 * Unpacks a stream piece by piece. Data that is cut or damaged ends the stream there: all that could be unpacked before is
 * given, and {@link ByteStream.cut} names the byte of the packed data. Gzip may consist of several members.
 */
export function unpack(compression: Compression, packed: ByteStream): ByteStream {
  let reason: string | undefined;
  return {
    chunks: unpacked(compression, packed, (message) => (reason = message)),
    cut: () => reason,
  };
}

async function* unpacked(
  compression: Compression,
  packed: ByteStream,
  stopped: (reason: string) => void,
): AsyncGenerator<Uint8Array> {
  const engine = new Engine(makeDecompressor(compression));
  let offset = 0;
  let ready: readonly Uint8Array[] = [];
  try {
    for await (const chunk of packed.chunks) {
      for (let from = 0; from < chunk.length; from += PIECE) {
        const piece = chunk.subarray(from, from + PIECE);
        offset += piece.length;
        // The next piece is unpacked on another thread while the caller works on what is ready.
        const next = engine.write(piece);
        yield* ready;
        ready = await next;
        if (engine.failure !== undefined) {
          yield* ready;
          stopped(`the ${compression} data is damaged near byte ${offset} (${engine.failure})`);
          return;
        }
        if (engine.isDone) {
          yield* ready;
          return;
        }
      }
    }
    yield* ready;
    yield* await engine.end();
    const cut = packed.cut();
    if (cut !== undefined) stopped(cut);
    else if (engine.failure !== undefined) {
      stopped(`the ${compression} data is cut off or damaged at byte ${offset} (${engine.failure})`);
    }
  } finally {
    engine.close();
  }
}

function makeDecompressor(compression: Compression): Transform {
  const options = { chunkSize: UNPACKED_CHUNK };
  return compression === 'gzip' ? createGunzip(options) : createZstdDecompress(options);
}

/**
 * A decompressor of zlib that is fed by hand. Node's stream would drop data that was unpacked but not yet read when an
 * error comes, which is just what a truncated archive is read for.
 */
class Engine {
  readonly #stream: Transform;
  #output: Uint8Array[] = [];
  #failure: string | undefined;
  #isDone = false;

  constructor(stream: Transform) {
    this.#stream = stream;
    stream.on('readable', () => this.#drain());
    stream.on('end', () => {
      this.#isDone = true;
    });
    stream.on('error', (error) => {
      this.#failure = messageOf(error);
    });
  }

  get failure(): string | undefined {
    return this.#failure;
  }

  /** True after the end of the packed data; what follows it is not looked at. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** Unpacks a piece and gives all that came out of it. */
  async write(piece: Uint8Array): Promise<readonly Uint8Array[]> {
    // After an error Node closes the stream and never calls back for the piece that was being unpacked.
    await this.#untilClosedOr((done) => this.#stream.write(piece, done));
    return this.#take();
  }

  /** Ends the packed data. */
  async end(): Promise<readonly Uint8Array[]> {
    await this.#untilClosedOr((done) => {
      this.#stream.once('end', done);
      this.#stream.end();
      this.#stream.read(0);
    });
    return this.#take();
  }

  #untilClosedOr(start: (done: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#stream.off('close', done);
        resolve();
      };
      if (this.#stream.closed || this.#stream.readableEnded) done();
      else {
        this.#stream.once('close', done);
        start(done);
      }
    });
  }

  close(): void {
    this.#stream.destroy();
  }

  #take(): readonly Uint8Array[] {
    this.#drain();
    const output = this.#output;
    this.#output = [];
    return output;
  }

  #drain(): void {
    for (;;) {
      const chunk = this.#stream.read() as Uint8Array | null;
      if (chunk === null) return;
      this.#output.push(chunk);
    }
  }
}
