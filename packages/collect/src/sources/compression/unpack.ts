import { createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from 'node:zlib';
import { type ByteStream, messageOf } from '../bytes/byte-stream.ts';

/** Compressions of one stream. */
export type Compression = 'gzip' | 'zstd';

/** Small pieces, because each may unpack to a thousand times its size before anything is passed on. */
const PIECE = 16 * 1024;

const REPLAYED = 32;

/**
 * Room for what a piece usually unpacks to. Node starts the next chunk of a piece only when the main thread is idle, so a
 * smaller one would make both wait for each other.
 */
const UNPACKED_CHUNK = 1024 * 1024;

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
  let engine = new Engine(compression);
  let offset = 0;
  let ready: readonly Uint8Array[] = [];
  try {
    for await (const chunk of packed.chunks) {
      for (let at = 0; at < chunk.length; ) {
        const piece = chunk.subarray(at, at + PIECE);
        // The next piece is unpacked on another thread while the caller works on what is ready.
        const next = engine.write(piece);
        yield* ready;
        ready = await next;
        if (engine.failure !== undefined) {
          yield* offset === 0 ? await replay(compression, piece) : ready;
          stopped(
            `the ${compression} data is damaged near byte ${offset + piece.length} (${engine.failure})`,
          );
          return;
        }
        const used = piece.length - engine.unused;
        at += used;
        offset += used;
        if (engine.unused === 0) continue;
        // Node goes on with the next member of gzip by itself, so this is none; frames of zstd it does not join.
        if (compression === 'gzip' || used === 0) {
          yield* ready;
          return;
        }
        engine.close();
        engine = new Engine(compression);
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

/**
 * Unpacks the start of damaged data again, a few bytes at a time: zlib drops what it unpacked from the piece in which it
 * finds an error, and for a small file that piece is all there is.
 */
async function replay(compression: Compression, piece: Uint8Array): Promise<readonly Uint8Array[]> {
  const engine = new Engine(compression);
  const output: Uint8Array[] = [];
  for (let at = 0; at < piece.length && engine.failure === undefined; at += REPLAYED) {
    output.push(...(await engine.write(piece.subarray(at, at + REPLAYED))));
  }
  engine.close();
  return output;
}

/**
 * A decompressor of zlib that is fed by hand. Node's stream would drop data that was unpacked but not yet read when an
 * error comes, which is just what a truncated archive is read for.
 */
class Engine {
  readonly #stream: Gunzip | ZstdDecompress;
  #output: Uint8Array[] = [];
  #failure: string | undefined;
  #given = 0;

  constructor(compression: Compression) {
    const options = { chunkSize: UNPACKED_CHUNK };
    this.#stream = compression === 'gzip' ? createGunzip(options) : createZstdDecompress(options);
    this.#stream.on('readable', () => this.#drain());
    this.#stream.on('error', (error) => {
      this.#failure = messageOf(error);
    });
  }

  get failure(): string | undefined {
    return this.#failure;
  }

  /** How many bytes of the last piece stand behind the end of the packed data. */
  get unused(): number {
    return this.#given - this.#stream.bytesWritten;
  }

  /** Unpacks a piece and gives all that came out of it. */
  async write(piece: Uint8Array): Promise<readonly Uint8Array[]> {
    this.#given += piece.length;
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
