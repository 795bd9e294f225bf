import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { piecesOf } from '../../../test/support/read-source.ts';
import { safeStream } from '../bytes/byte-stream.ts';
import { type Compression, unpack } from './unpack.ts';

const text = Array.from({ length: 3000 }, (_, index) => `line ${index * 7919}\n`).join('');

async function unpacked(
  compression: Compression,
  bytes: Uint8Array,
  piece = 1000,
): Promise<{ text: string; cut: string | undefined }> {
  const stream = unpack(compression, safeStream(piecesOf(bytes, piece)));
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream.chunks) chunks.push(chunk);
  return { text: Buffer.concat(chunks).toString(), cut: stream.cut() };
}

describe.each([
  ['gzip', gzipSync(text)],
  ['zstd', zstdCompressSync(text, { params: { [constants.ZSTD_c_checksumFlag]: 1 } })],
] as const)('unpacking %s', (compression, packed) => {
  it('gives all of it, in pieces of any size', async () => {
    for (const piece of [1, 100, 1_000_000]) {
      expect(await unpacked(compression, packed, piece)).toEqual({ text, cut: undefined });
    }
  });

  it('reads several members', async () => {
    const twice = Buffer.concat([packed, packed]);
    for (const piece of [packed.length, 1_000_000]) {
      expect(await unpacked(compression, twice, piece)).toEqual({ text: text + text, cut: undefined });
    }
  });

  it('gives what came of data that was cut, and names the byte', async () => {
    for (let length = 0; length < packed.length; length += 7) {
      const found = await unpacked(compression, packed.subarray(0, length));
      expect(text.startsWith(found.text)).toBe(true);
      if (length > 0) expect(found.cut).toContain(`at byte ${length}`);
    }
  });

  it('names the place of damage and gives what stands before it', async () => {
    const damaged = Uint8Array.from(packed);
    damaged.fill(0xff, packed.length / 2, packed.length / 2 + 30);
    const found = await unpacked(compression, damaged);
    expect(found.cut).toMatch(/damaged (near|at) byte \d+/);
    expect(found.text.length).toBeLessThan(text.length);
  });

  it('passes on why the packed data ended', async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield packed.subarray(0, 100);
      throw new Error('the disk is gone');
    }
    const stream = unpack(compression, safeStream(failing()));
    for await (const _ of stream.chunks);
    expect(stream.cut()).toBe('reading stopped at byte 100: the disk is gone');
  });
});

it('gives what a small file holds up to the damage, however it comes', async () => {
  const packed = Buffer.from(gzipSync(text));
  packed.fill(0, packed.length - 8, packed.length - 4);
  for (const piece of [100, 1_000_000]) {
    const found = await unpacked('gzip', packed, piece);
    expect(found.text.length).toBeGreaterThan(text.length * 0.9);
    expect(found.cut).toContain('incorrect data check');
  }
});

it('gives most of a gzip file that was cut in the middle', async () => {
  const packed = gzipSync(text);
  const found = await unpacked('gzip', packed.subarray(0, packed.length - 200));
  expect(found.text.length).toBeGreaterThan(text.length * 0.8);
});
