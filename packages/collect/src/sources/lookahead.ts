import type { ArchiveEntry } from './archive-entry.ts';

/** An entry some of whose bytes were read ahead. */
interface HeldEntry {
  readonly entry: ArchiveEntry;
  readonly chunks: Uint8Array[];
  /** The rest of the bytes; undefined when all were read. */
  readonly rest?: AsyncIterator<Uint8Array>;
}

/**
 * Reads the first entries of an archive into memory, so that it is known what the archive is before the first of them is
 * given out. Small archives are known whole.
 */
export class Lookahead {
  readonly #entries: AsyncIterator<ArchiveEntry>;
  readonly #held: HeldEntry[] = [];
  #isWhole = false;

  constructor(entries: AsyncIterable<ArchiveEntry>) {
    this.#entries = entries[Symbol.asyncIterator]();
  }

  /**
   * Reads at least `bytes` ahead, and up to eight times as much while `isEnough` says no. `see` is told each path and the
   * first bytes of its file.
   */
  async fill(
    bytes: number,
    see: (path: string, head: Uint8Array) => void,
    isEnough: () => boolean,
  ): Promise<void> {
    let held = 0;
    const isFull = (): boolean => held >= bytes * 8 || (held >= bytes && isEnough());
    while (!isFull()) {
      const next = await this.#entries.next();
      if (next.done === true) {
        this.#isWhole = true;
        return;
      }
      const entry = next.value;
      const chunks: Uint8Array[] = [];
      const iterator = entry.chunks[Symbol.asyncIterator]();
      let rest: AsyncIterator<Uint8Array> | undefined = iterator;
      while (!isFull()) {
        const chunk = await iterator.next();
        if (chunk.done === true) {
          rest = undefined;
          break;
        }
        chunks.push(chunk.value);
        held += chunk.value.length;
        if (chunks.length === 1) see(entry.path, chunk.value);
      }
      if (chunks.length === 0) see(entry.path, new Uint8Array());
      // An entry costs memory even if it is empty.
      held += 256;
      this.#held.push(rest === undefined ? { entry, chunks } : { entry, chunks, rest });
    }
  }

  /** All entries: those that were read ahead, then the others. */
  async *entries(): AsyncGenerator<ArchiveEntry> {
    for (let held = this.#held.shift(); held !== undefined; held = this.#held.shift()) {
      const { entry } = held;
      yield { path: entry.path, chunks: replay(held), damage: () => entry.damage() };
    }
    while (!this.#isWhole) {
      const next = await this.#entries.next();
      if (next.done === true) return;
      yield next.value;
    }
  }

  async close(): Promise<void> {
    await this.#entries.return?.();
  }
}

async function* replay({ chunks, rest }: HeldEntry): AsyncGenerator<Uint8Array> {
  for (let chunk = chunks.shift(); chunk !== undefined; chunk = chunks.shift()) yield chunk;
  if (rest === undefined) return;
  for (;;) {
    const next = await rest.next();
    if (next.done === true) return;
    yield next.value;
  }
}
