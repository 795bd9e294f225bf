import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { type Entry, fromBufferPromise, type Options, openPromise, type ZipFile } from 'yauzl';
import type { ArchiveEntry } from '../archive-entry.ts';
import { messageOf } from '../bytes/byte-stream.ts';
import type { Meter } from '../bytes/meter.ts';
import { shownName } from '../names/entry-name.ts';
import type { EntryGate, EntryHeader } from '../names/gate.ts';
import type { SourceProblems } from '../problems.ts';

/** A zip archive that was opened. */
export interface ZipArchive {
  readonly entries: AsyncGenerator<ArchiveEntry>;
  close(): void;
}

/** Names are taken as bytes, and sizes are compared while unpacking: one bad entry must not end the archive. */
const OPTIONS: Options = {
  lazyEntries: true,
  autoClose: false,
  decodeStrings: false,
  validateEntrySizes: false,
};

const UNIX = 3;
const TYPE_MASK = 0o170000;
const REGULAR = 0o100000;
const FOLDER = 0o040000;
const LINK = 0o120000;
const STORED = 0;
const DEFLATED = 8;

/**
 * Opens a zip archive by its list of files, which stands at its end: without it nothing is known, and the message
 * says so. `where` is a file, or the whole archive.
 */
export async function openZip(
  where: string | Uint8Array,
  size: number,
  { gate, problems, meter }: { gate: EntryGate; problems: SourceProblems; meter: Meter },
): Promise<ZipArchive | { readonly error: string }> {
  let zip: ZipFile;
  try {
    zip =
      typeof where === 'string'
        ? await openPromise(where, OPTIONS)
        : await fromBufferPromise(Buffer.from(where.buffer, where.byteOffset, where.length), OPTIONS);
  } catch (error) {
    return { error: `the list of files at the end of the zip archive can not be read (${messageOf(error)})` };
  }
  meter.addPacked(size);
  return { entries: new ZipReading(zip, gate, problems, meter).entries(), close: () => zip.close() };
}

class ZipReading {
  readonly #zip: ZipFile;
  readonly #gate: EntryGate;
  readonly #problems: SourceProblems;
  readonly #meter: Meter;
  #stop: string | undefined;

  constructor(zip: ZipFile, gate: EntryGate, problems: SourceProblems, meter: Meter) {
    this.#zip = zip;
    this.#gate = gate;
    this.#problems = problems;
    this.#meter = meter;
  }

  async *entries(): AsyncGenerator<ArchiveEntry> {
    let last = 'the start';
    const list = this.#zip.eachEntry();
    for (;;) {
      let next: IteratorResult<Entry>;
      try {
        next = await list.next();
      } catch (error) {
        this.#problems.add(
          `the list of files is damaged after ${last} (${messageOf(error)}); the rest is missing`,
        );
        return;
      }
      if (next.done === true) return;
      const entry = next.value;
      last = shownName(entry.fileNameRaw);
      if (!this.#gate.count()) return;
      const path = this.#gate.admit(describe(entry));
      if (path === undefined) continue;
      yield this.#open(entry, path);
      if (this.#stop !== undefined) {
        this.#problems.add(this.#stop);
        return;
      }
    }
  }

  #open(entry: Entry, path: string): ArchiveEntry {
    let damage: string | undefined;
    return {
      path,
      chunks: this.#unpack(entry, (reason) => (damage = reason)),
      damage: () => damage,
    };
  }

  async *#unpack(entry: Entry, damaged: (reason: string) => void): AsyncGenerator<Uint8Array> {
    let stream: Readable | undefined;
    let size = 0;
    let sum = 0;
    try {
      stream = await this.#zip.openReadStreamPromise(entry);
      for await (const chunk of stream as AsyncIterable<Uint8Array>) {
        this.#stop = this.#meter.addUnpacked(chunk.length);
        if (this.#stop !== undefined) {
          damaged(this.#stop);
          return;
        }
        size += chunk.length;
        sum = crc32(chunk, sum);
        yield chunk;
      }
      if (size !== entry.uncompressedSize) damaged(`${size} bytes instead of ${entry.uncompressedSize}`);
      else if (sum !== entry.crc32) damaged('the content does not fit its checksum');
    } catch (error) {
      damaged(`damaged after ${size} of ${entry.uncompressedSize} bytes (${messageOf(error)})`);
    } finally {
      stream?.destroy();
    }
  }
}

function describe(entry: Entry): EntryHeader {
  const rawName = entry.fileNameRaw;
  const size = entry.uncompressedSize;
  if (rawName.at(-1) === 0x2f) return { rawName, kind: 'folder', size };
  const type = entry.versionMadeBy >>> 8 === UNIX ? (entry.externalFileAttributes >>> 16) & TYPE_MASK : 0;
  if (type === LINK) return { rawName, kind: 'link', what: 'a symbolic link; links are not followed', size };
  if (type === FOLDER) return { rawName, kind: 'folder', size };
  if (type !== 0 && type !== REGULAR)
    return { rawName, kind: 'other', what: 'a device or pipe, not a file', size };
  if (entry.isEncrypted()) {
    return { rawName, kind: 'other', what: 'encrypted; pack again without a password', size };
  }
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) {
    const method = entry.compressionMethod;
    return {
      rawName,
      kind: 'other',
      what: `compressed with method ${method}; pack again with deflate`,
      size,
    };
  }
  return { rawName, kind: 'file', size };
}
