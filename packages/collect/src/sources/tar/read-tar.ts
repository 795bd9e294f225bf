/*
 * DESIGN. Reads tar archives as a stream: one header and one chunk in memory, whatever the size of the files.
 *
 * Why not `modern-tar`, which writes our snapshots: its decoder either stops at the first bad header (strict) or goes
 * over it without a word (lenient); it gives sparse files and unknown kinds as if they were ordinary files, replaces
 * bytes of names that are not UTF-8, and ends a file that was cut like a whole one. Evidence needs the opposite: every
 * entry that is not read, and every byte that is missing, has to be named.
 *
 * Promises: never throws; every entry is given, or reported with the reason; a bad header costs what stands up to the
 * next good one, and is reported with its byte. Formats: v7, POSIX ustar and pax, GNU (`tar(5)`, `pax(1)`).
 */
import type { ArchiveEntry } from '../archive-entry.ts';
import type { ByteReader } from '../bytes/byte-reader.ts';
import { shownName } from '../names/entry-name.ts';
import type { EntryGate, EntryHeader } from '../names/gate.ts';
import type { SourceProblems } from '../problems.ts';
import { BLOCK, hasMagic, isZeroBlock, parseHeader, type TarHeader } from './header.ts';
import { type Extension, parsePax } from './pax.ts';

/** Long names and extended headers are a few hundred bytes; this is far above all of them. */
const LARGEST_EXTENSION = 2 ** 20;

/** Gives the files of a tar archive in its order. Files that are not read to their end are skipped. */
export function readTar(
  reader: ByteReader,
  gate: EntryGate,
  problems: SourceProblems,
): AsyncGenerator<ArchiveEntry> {
  return new TarReading(reader, gate, problems).entries();
}

class TarReading {
  readonly #reader: ByteReader;
  readonly #gate: EntryGate;
  readonly #problems: SourceProblems;
  #extension: Extension = {};
  /** The extended header of the next entry was damaged: its name and size are not known. */
  #isLost = false;
  #isCutReported = false;
  /** Blocks of zeros before the current place: two end an archive. */
  #zeroBlocks = 0;

  constructor(reader: ByteReader, gate: EntryGate, problems: SourceProblems) {
    this.#reader = reader;
    this.#gate = gate;
    this.#problems = problems;
  }

  async *entries(): AsyncGenerator<ArchiveEntry> {
    for (;;) {
      const header = await this.#nextHeader();
      if (header === undefined) return;
      if (await this.#takeExtension(header)) continue;
      if (!this.#gate.count()) return;
      const size = this.#extension.size ?? header.size;
      const path = this.#isLost ? undefined : this.#gate.admit(this.#describe(header));
      if (this.#isLost)
        this.#problems.add('not read: its extended header is damaged', shownName(header.name));
      this.#extension = {};
      this.#isLost = false;
      // Links and devices have no content, whatever their size field says (`pax(1)`).
      yield* this.#body(path, '123456'.includes(header.type) && header.type !== '' ? 0 : size);
    }
  }

  /** The next good header, over zero blocks and damage; undefined at the end. */
  async #nextHeader(): Promise<TarHeader | undefined> {
    let damagedFrom: number | undefined;
    for (;;) {
      const at = this.#reader.offset;
      const block = await this.#reader.take(BLOCK);
      if (block.length < BLOCK) {
        if (damagedFrom !== undefined) this.#reportDamage(damagedFrom, at);
        this.#reportEnd();
        return undefined;
      }
      // Archives that were put together with `cat` go on after their end mark.
      if (isZeroBlock(block)) {
        this.#zeroBlocks++;
        continue;
      }
      const header = parseHeader(block);
      if (header !== undefined && ((damagedFrom === undefined && this.#zeroBlocks < 2) || hasMagic(block))) {
        if (damagedFrom !== undefined) this.#reportDamage(damagedFrom, at);
        this.#zeroBlocks = 0;
        return header;
      }
      // What comes after the end mark is none of ours.
      if (this.#zeroBlocks < 2) damagedFrom ??= at;
    }
  }

  #reportEnd(): void {
    const cut = this.#reader.cut();
    if (cut !== undefined) this.#reportCut(`${cut}; files after that place are missing`);
    else if (this.#zeroBlocks < 2) {
      this.#reportCut(
        `the archive ends without an end mark at byte ${this.#reader.offset}; files may be missing. Copy or pack it again`,
      );
    }
  }

  #reportCut(reason: string): void {
    if (!this.#isCutReported) this.#problems.add(reason);
    this.#isCutReported = true;
  }

  #reportDamage(from: number, to: number): void {
    this.#problems.add(
      `no tar header at byte ${from}: ${to - from} bytes were skipped; files there are missing. Copy or pack the archive again`,
    );
    this.#extension = {};
    this.#isLost = false;
  }

  /** Reads an entry that only describes the next one. */
  async #takeExtension(header: TarHeader): Promise<boolean> {
    const { type, size } = header;
    if (!['x', 'g', 'L', 'K'].includes(type)) return false;
    const bytes = size > LARGEST_EXTENSION ? undefined : await this.#reader.take(size);
    await this.#reader.skip(bytes === undefined ? size + padding(size) : padding(size));
    // A global header may only hold comments and times that matter to nobody here; a name for all files is nonsense.
    if (type === 'g') return true;
    const found = bytes === undefined || bytes.length < size ? undefined : parseExtension(type, bytes);
    if (found === undefined) this.#isLost = true;
    else this.#extension = { ...this.#extension, ...found };
    return true;
  }

  #describe(header: TarHeader): EntryHeader {
    const rawName = this.#extension.name ?? header.name;
    const target = shownName(this.#extension.linkName ?? header.linkName);
    const size = this.#extension.size ?? header.size;
    if (this.#extension.isSparse === true || header.type === 'S') {
      return { rawName, kind: 'other', what: 'a sparse file; pack again without --sparse', size };
    }
    const isOldFolder = header.type === '0' && rawName.at(-1) === 0x2f;
    if (header.type === '5' || isOldFolder) return { rawName, kind: 'folder', size };
    if (header.type === '0' || header.type === '7') return { rawName, kind: 'file', size };
    if (header.type === '1') {
      return { rawName, kind: 'link', what: `a hard link to ${target}; links are not followed`, size };
    }
    if (header.type === '2') {
      return { rawName, kind: 'link', what: `a symbolic link to ${target}; links are not followed`, size };
    }
    if (['3', '4', '6'].includes(header.type)) {
      return { rawName, kind: 'other', what: 'a device or pipe, not a file', size };
    }
    return { rawName, kind: 'other', what: `an entry of the unknown kind "${shownName(header.type)}"`, size };
  }

  /** Gives a file, or skips what has no path. */
  async *#body(path: string | undefined, size: number): AsyncGenerator<ArchiveEntry> {
    const start = this.#reader.offset;
    const left = (): number => size - (this.#reader.offset - start);
    if (path !== undefined) {
      yield {
        path,
        chunks: this.#reader.stream(size),
        damage: () =>
          left() > 0 ? `cut off after ${size - left()} of ${size} bytes: ${this.#whyCut()}` : undefined,
      };
    }
    await this.#reader.skip(left());
    if (left() === 0) await this.#reader.skip(padding(size));
    else this.#reportCut(`${this.#whyCut()}; files after ${path ?? 'that place'} are missing`);
  }

  #whyCut(): string {
    return this.#reader.cut() ?? `the archive ends at byte ${this.#reader.offset}`;
  }
}

function parseExtension(type: string, bytes: Uint8Array): Extension | undefined {
  if (type === 'x') return parsePax(bytes);
  const end = bytes.indexOf(0);
  const name = bytes.slice(0, end < 0 ? bytes.length : end);
  return type === 'L' ? { name } : { linkName: name };
}

function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}
