import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { piecesOf } from '../../../test/support/read-source.ts';
import { safeStream } from '../bytes/byte-stream.ts';
import { unpackXz } from './unpack-xz.ts';

const words = ['node', 'pod', 'service', 'route', 'chain', 'rule'];

/** The text that was packed: words and numbers of a simple generator. */
function generatedText(length: number): string {
  let state = 1;
  const next = (): number => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state;
  };
  let text = '';
  while (text.length < length) {
    const word = next() % 7 === 0 ? String(next()) : words[next() % 6];
    text += `${word}${next() % 9 === 0 ? '\n' : ' '}`;
  }
  return text.slice(0, length);
}

const text = generatedText(40_000);

async function packed(name: string): Promise<Uint8Array> {
  return await readFile(join(import.meta.dirname, '__fixtures__', name));
}

async function unpack(bytes: Uint8Array, piece = 1000): Promise<{ bytes: Buffer; cut: string | undefined }> {
  const stream = unpackXz(safeStream(piecesOf(bytes, piece)));
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream.chunks) chunks.push(chunk);
  return { bytes: Buffer.concat(chunks), cut: stream.cut() };
}

describe('unpacking xz', () => {
  it.each(['crc64.xz', 'crc32.xz', 'sha256.xz', 'literal-bits.xz', 'blocks.xz'])('reads %s', async (name) => {
    for (const piece of [1, 333, 100_000]) {
      const { bytes, cut } = await unpack(await packed(name), piece);
      expect(cut).toBeUndefined();
      expect(bytes.toString() === text).toBe(true);
    }
  });

  it('reads several streams with padding between them', async () => {
    const { bytes, cut } = await unpack(await packed('streams.xz'));
    expect(cut).toBeUndefined();
    expect(bytes.toString() === text + text).toBe(true);
  });

  it('reads data that could not be made smaller, long runs and nothing', async () => {
    const stored = await unpack(await packed('stored.xz'));
    expect(createHash('sha256').update(stored.bytes).digest('hex')).toMatch(/^b24d04728062020c/);
    const zeros = await unpack(await packed('zeros.xz'));
    expect(zeros.bytes.equals(Buffer.alloc(3_000_000))).toBe(true);
    expect(await unpack(await packed('empty.xz'))).toEqual({ bytes: Buffer.alloc(0), cut: undefined });
  });

  it('ignores what follows the last stream', async () => {
    const bytes = Buffer.concat([await packed('crc64.xz'), Buffer.from('something else here')]);
    expect((await unpack(bytes)).cut).toBeUndefined();
  });

  it('says what it does not read', async () => {
    expect((await unpack(await packed('machine-code.xz'))).cut).toContain('a filter for machine code');
    expect((await unpack(await packed('large-dictionary.xz'))).cut).toContain('too large a dictionary');
    expect((await unpack(Buffer.from('not xz at all'))).cut).toBe('the xz data is damaged at byte 12');
  });

  it('gives what came of data that was cut, and names the byte', async () => {
    const whole = await packed('crc64.xz');
    for (let length = 0; length < whole.length; length += 61) {
      const { bytes, cut } = await unpack(whole.subarray(0, length));
      expect(text.startsWith(bytes.toString())).toBe(true);
      expect(cut).toBe(`the xz data is cut off at byte ${length}`);
    }
    expect((await unpack(whole.subarray(0, 4000))).bytes.length).toBeGreaterThan(10_000);
  });

  it('never gives changed bytes as whole ones', async () => {
    const whole = await packed('crc64.xz');
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const bytes = Uint8Array.from(whole);
        bytes[at] = (bytes[at] ?? 0) ^ change;
        const unpacked = await unpack(bytes);
        // The end of the file repeats what the blocks said; it is not compared.
        if (unpacked.cut === undefined) expect(unpacked.bytes.toString() === text).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('never throws for any bytes', async () => {
    const start = (await packed('crc64.xz')).subarray(0, 36);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        await unpack(bytes);
        await unpack(Buffer.concat([start, bytes]));
      }),
    );
  });
});
