/*
 * DESIGN. Unpacks `.xz` as a stream, in plain TypeScript (The .xz File Format, version 1.2.1, https://tukaani.org/xz/xz-file-format.txt).
 *
 * Why not a package: the one maintained decoder without native code, `xz-decompress`, keeps a lock for the whole process
 * while a stream is open, so two sources (`netvet diff`) would wait for each other for ever; it reads only the first of several
 * streams, refuses SHA-256, and loses what was unpacked before an error. The other ones are native or LGPL. The format is
 * frozen, and LZMA2 in whole chunks is small.
 *
 * Promises: never throws; several streams one after the other; checksums are compared; a cut or damaged stream gives all
 * that could be unpacked and names the byte. Refused: filters other than LZMA2 (they are for machine code), dictionaries above
 * {@link LARGEST_DICTIONARY}. The index at the end is skipped: it repeats what the blocks said.
 */
import { crc32 } from 'node:zlib';
import { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteStream } from '../bytes/byte-stream.ts';
import { checkSize, createCheck } from './check.ts';
import { unpackLzma2 } from './lzma2.ts';

/** `xz -9` uses 64 MiB. Twice the dictionary may be held in memory. */
const LARGEST_DICTIONARY = 256 * 2 ** 20;

const MAGIC = 'fd377a585a00';
const LZMA2 = 0x21;

/** Unpacks an xz stream; what is wrong with it ends it there and is told by {@link ByteStream.cut}. */
export function unpackXz(packed: ByteStream): ByteStream {
  let reason: string | undefined;
  const reader = new ByteReader(packed);
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    try {
      const failure = yield* streams(reader);
      if (failure !== undefined) reason = `the xz data ${failure} at byte ${reader.offset}`;
      reason = packed.cut() ?? reason;
    } finally {
      await reader.close();
    }
  };
  return { chunks: chunks(), cut: () => reason };
}

const CUT = 'is cut off';
const DAMAGED = 'is damaged';

/** What went wrong, as the end of a sentence. */
type Failure = string | undefined;

async function* streams(reader: ByteReader): AsyncGenerator<Uint8Array, Failure> {
  for (let isFirst = true; ; isFirst = false) {
    while (!isFirst && isZero(await reader.peek(4))) await reader.take(4);
    const header = await reader.take(12);
    if (header.length === 0 && !isFirst) return undefined;
    if (header.length < 12) return isFirst ? CUT : undefined;
    const flags = header.subarray(6, 8);
    if (Buffer.from(header.subarray(0, 6)).toString('hex') !== MAGIC) return isFirst ? DAMAGED : undefined;
    if (!hasCrc(flags, header.subarray(8))) return DAMAGED;
    if (flags[0] !== 0 || (flags[1] ?? 0) > 15) return 'is of a newer kind than is known here,';
    const failure = yield* blocks(reader, flags[1] ?? 0);
    if (failure !== undefined) return failure;
  }
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.length === 4 && bytes.every((byte) => byte === 0);
}

async function* blocks(reader: ByteReader, check: number): AsyncGenerator<Uint8Array, Failure> {
  for (;;) {
    const first = (await reader.peek(1))[0];
    if (first === undefined) return CUT;
    if (first === 0) return await skipIndexAndFooter(reader);
    const header = await reader.take((first + 1) * 4);
    if (header.length < (first + 1) * 4) return CUT;
    if (!hasCrc(header.subarray(0, -4), header.subarray(-4))) return DAMAGED;
    const dictionary = dictionaryOf(header.subarray(0, -4));
    if (typeof dictionary === 'string') return dictionary;
    const failure = yield* block(reader, dictionary, check);
    if (failure !== undefined) return failure;
  }
}

async function* block(
  reader: ByteReader,
  dictionary: number,
  check: number,
): AsyncGenerator<Uint8Array, Failure> {
  const sum = createCheck(check);
  const start = reader.offset;
  const unpacking = unpackLzma2(reader, dictionary);
  for (;;) {
    const next = await unpacking.next();
    if (next.done !== true) {
      sum.update(next.value);
      yield next.value;
      continue;
    }
    if (next.value !== undefined) return next.value === 'cut' ? CUT : DAMAGED;
    break;
  }
  await reader.skip((4 - ((reader.offset - start) % 4)) % 4);
  const stored = await reader.take(checkSize(check));
  if (stored.length < checkSize(check)) return CUT;
  return sum.matches(stored) ? undefined : 'does not fit its checksum,';
}

/** Size of the dictionary of a block with LZMA2 alone; else why the block is not read. */
function dictionaryOf(header: Uint8Array): number | string {
  const flags = header[1] ?? 0;
  if ((flags & 0x3c) !== 0) return DAMAGED;
  let at = 2;
  for (const isPresent of [flags & 0x40, flags & 0x80]) if (isPresent !== 0) at = afterNumber(header, at);
  if ((flags & 3) !== 0 || header[at] !== LZMA2 || header[at + 1] !== 1) {
    return 'uses a filter for machine code, which is not supported; pack with plain xz,';
  }
  const bits = header[at + 2] ?? 0xff;
  if (bits > 40) return DAMAGED;
  const size = bits === 40 ? 2 ** 32 - 1 : (2 | (bits & 1)) * 2 ** (Math.floor(bits / 2) + 11);
  return size > LARGEST_DICTIONARY ? 'needs too large a dictionary; pack with xz -9 or less,' : size;
}

/** Numbers have seven bits in each byte; the highest bit says that more follow. */
function afterNumber(bytes: Uint8Array, from: number): number {
  let at = from;
  while (((bytes[at] ?? 0) & 0x80) !== 0) at++;
  return at + 1;
}

async function skipIndexAndFooter(reader: ByteReader): Promise<Failure> {
  const start = reader.offset;
  await reader.take(1);
  const records = await takeNumber(reader);
  if (records === undefined) return CUT;
  for (let left = 2 * records; left > 0; left--) if ((await takeNumber(reader)) === undefined) return CUT;
  await reader.skip((4 - ((reader.offset - start) % 4)) % 4);
  const footer = await reader.take(4 + 12);
  if (footer.length < 16) return CUT;
  return footer[14] === 0x59 && footer[15] === 0x5a ? undefined : DAMAGED;
}

async function takeNumber(reader: ByteReader): Promise<number | undefined> {
  let value = 0;
  for (let index = 0; index < 9; index++) {
    const byte = (await reader.take(1))[0];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return value;
  }
  return undefined;
}

function hasCrc(bytes: Uint8Array, stored: Uint8Array): boolean {
  return new DataView(stored.buffer, stored.byteOffset).getUint32(0, true) === crc32(bytes);
}
