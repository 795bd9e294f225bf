import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { piecesOf } from '../../../test/support/read-source.ts';
import { pax, type TarPart, tar, tarOf, tarPart } from '../../../test/support/tar.ts';
import { ByteReader } from '../bytes/byte-reader.ts';
import { safeStream } from '../bytes/byte-stream.ts';
import { DEFAULT_LIMITS, type SourceLimits } from '../limits.ts';
import { EntryGate } from '../names/gate.ts';
import { SourceProblems } from '../problems.ts';
import { readTar } from './read-tar.ts';

interface Found {
  readonly files: Readonly<Record<string, string>>;
  readonly damages: Readonly<Record<string, string>>;
  readonly problems: readonly string[];
}

async function readAll(bytes: Uint8Array, limits: Partial<SourceLimits> = {}, piece = 700): Promise<Found> {
  const problems = new SourceProblems('archive');
  const gate = new EntryGate({ ...DEFAULT_LIMITS, ...limits }, problems);
  const files: Record<string, string> = {};
  const damages: Record<string, string> = {};
  const reader = new ByteReader(safeStream(piecesOf(bytes, piece)));
  for await (const entry of readTar(reader, gate, problems)) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of entry.chunks) chunks.push(chunk);
    files[entry.path] = Buffer.concat(chunks).toString();
    const damage = entry.damage();
    if (damage !== undefined) damages[entry.path] = damage;
  }
  return { files, damages, problems: problems.list().map(({ file, reason }) => `${file}: ${reason}`) };
}

const long = `${'folder/'.repeat(30)}file.txt`;

describe('what an archive may hold', () => {
  it.each<[string, TarPart[], Record<string, string>]>([
    [
      'files',
      [
        { name: 'a', content: 'x' },
        { name: './b/c', content: 'y'.repeat(2000) },
      ],
      { a: 'x', 'b/c': 'y'.repeat(2000) },
    ],
    ['empty files', [{ name: 'a' }], { a: '' }],
    [
      'the old format',
      [
        { name: 'a', content: 'x', magic: 'none', type: '\0' },
        { name: 'd/', magic: 'none', type: '\0' },
      ],
      { a: 'x' },
    ],
    [
      'names in two fields',
      [{ name: 'file', prefix: 'some/folder', content: 'x' }],
      { 'some/folder/file': 'x' },
    ],
    [
      'long names of GNU',
      [
        { name: '././@LongLink', type: 'L', content: `${long}\0`, magic: 'gnu' },
        { name: 'cut', content: 'x', magic: 'gnu' },
      ],
      { [long]: 'x' },
    ],
    [
      'long names of pax',
      [pax({ mtime: '1.5', path: long }), { name: 'cut', content: 'x' }],
      { [long]: 'x' },
    ],
    [
      'names that are not English',
      [pax({ path: 'größe/日本' }), { name: 'x', content: 'x' }],
      { 'größe/日本': 'x' },
    ],
    ['sizes of pax', [pax({ size: '5' }), { name: 'a', content: 'hello', size: 0 }], { a: 'hello' }],
    [
      'sizes in base 256',
      [{ name: 'a', content: 'hello', size: Uint8Array.of(0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5) }],
      { a: 'hello' },
    ],
    ['a header for all files', [pax({ comment: 'c' }, 'g'), { name: 'a', content: 'x' }], { a: 'x' }],
    [
      'folders',
      [
        { name: 'd/', type: '5' },
        { name: 'd/a', content: 'x' },
      ],
      { 'd/a': 'x' },
    ],
    [
      'companions of macOS and git',
      [{ name: '._a' }, { name: '__MACOSX/b' }, { name: '.git/config' }, { name: 'a', content: 'x' }],
      { a: 'x' },
    ],
  ])('reads %s', async (_, parts, expected) => {
    for (const piece of [1, 511, 100_000]) {
      expect(await readAll(tar(...parts), {}, piece)).toEqual({ files: expected, damages: {}, problems: [] });
    }
  });

  it('goes on after an end mark, and ignores what is no archive there', async () => {
    const twice = Buffer.concat([tarOf({ a: '1' }), tarOf({ b: '2' }), Buffer.alloc(700, 'garbage')]);
    expect(await readAll(twice)).toEqual({ files: { a: '1', b: '2' }, damages: {}, problems: [] });
  });
});

describe('what is not read', () => {
  it.each<[string, TarPart, string]>([
    ['absolute paths', { name: '/etc/passwd' }, '/etc/passwd: not read: an absolute path'],
    ['drive letters', { name: 'C:/x' }, 'C:/x: not read: an absolute path'],
    ['paths that go up', { name: 'a/../../b' }, 'a/../../b: not read: a path with ".."'],
    ['backslashes', { name: 'a\\b' }, 'a\\b: not read: a backslash in the name'],
    ['control characters', { name: 'a\u001b[31mb' }, 'a\\x1b[31mb: not read: control characters in the name'],
    [
      'names that are not UTF-8',
      { name: Uint8Array.of(0x61, 0xff) },
      'a\\xff: not read: a name that is not UTF-8',
    ],
    ['empty names', { name: '.' }, '.: not read: an empty name'],
    [
      'symbolic links',
      { name: 'a', type: '2', linkName: '/etc/passwd' },
      'a: not read: a symbolic link to /etc/passwd',
    ],
    ['hard links', { name: 'a', type: '1', linkName: 'b' }, 'a: not read: a hard link to b'],
    ['devices', { name: 'a', type: '3' }, 'a: not read: a device or pipe'],
    ['pipes', { name: 'a', type: '6' }, 'a: not read: a device or pipe'],
    ['sparse files', { name: 'a', type: 'S', content: 'x' }, 'a: not read: a sparse file'],
    [
      'unknown kinds',
      { name: 'a', type: 'M', content: 'x' },
      'a: not read: an entry of the unknown kind "M"',
    ],
  ])('refuses %s and reads the rest', async (_, part, problem) => {
    const found = await readAll(tar({ name: 'before', content: '1' }, part, { name: 'after', content: '2' }));
    expect(found.files).toEqual({ before: '1', after: '2' });
    expect(found.problems.join('\n')).toContain(problem);
  });

  it('refuses sparse files of pax', async () => {
    const found = await readAll(tar(pax({ 'GNU.sparse.major': '1' }), { name: 'a', content: 'x' }));
    expect(found).toMatchObject({ files: {}, problems: [expect.stringContaining('a sparse file')] });
  });

  it('uses the first of two files of one name, and names those that differ in case only', async () => {
    const found = await readAll(
      tar({ name: 'a', content: '1' }, { name: './a', content: '2' }, { name: 'A', content: '3' }),
    );
    expect(found.files).toEqual({ a: '1', A: '3' });
    expect(found.problems).toEqual([
      'a: a second file of the same name; only the first is used',
      'A: differs from a only in upper and lower case; both are read as they are',
    ]);
  });

  it('leaves out files above the limit, and stops at the limit of entries', async () => {
    const archive = tarOf({ a: 'x'.repeat(100), b: 'y', c: 'z' });
    expect(await readAll(archive, { maxEntryBytes: 50 })).toMatchObject({
      files: { b: 'y', c: 'z' },
      problems: [expect.stringMatching(/^a: not read: 100 bytes, and 50 is the limit/)],
    });
    expect(await readAll(archive, { maxEntries: 2 })).toMatchObject({
      files: { a: 'x'.repeat(100), b: 'y' },
      problems: [expect.stringContaining('more than 2 entries')],
    });
  });
});

describe('damage', () => {
  it.each<[string, TarPart]>([
    ['a wrong checksum', { name: 'bad', content: 'x', checksum: 1 }],
    ['a negative size', { name: 'bad', size: Buffer.alloc(12, 0xff) }],
    ['a size that is no number', { name: 'bad', size: Buffer.from('hello world!') }],
    ['a size above all numbers', { name: 'bad', size: Buffer.from([0x80, ...Buffer.alloc(11, 0xff)]) }],
  ])('goes over a header with %s', async (_, part) => {
    const found = await readAll(tar({ name: 'before', content: '1' }, part, { name: 'after', content: '2' }));
    expect(found.files).toEqual({ before: '1', after: '2' });
    expect(found.problems).toEqual([
      expect.stringMatching(/^archive: no tar header at byte 1024: \d+ bytes were skipped/),
    ]);
  });

  it.each<[string, TarPart]>([
    ['no length', { name: 'x', type: 'x', content: 'path=a\n' }],
    ['a length beyond the end', { name: 'x', type: 'x', content: '99 path=a\n' }],
    ['no end of line', { name: 'x', type: 'x', content: '9 path=ab' }],
    ['a size that is no number', pax({ size: 'many' })],
    ['too much content', { name: 'x', type: 'x', content: 'x'.repeat(2 ** 20 + 1) }],
  ])('does not guess the name of a file whose extended header has %s', async (_, part) => {
    const found = await readAll(tar(part, { name: 'cut', content: '1' }, { name: 'after', content: '2' }));
    expect(found.files).toEqual({ after: '2' });
    expect(found.problems).toEqual(['cut: not read: its extended header is damaged']);
  });

  it('gives what came of an archive that was cut, wherever that was', async () => {
    const whole = tarOf({ a: 'first', b: 'x'.repeat(1500) });
    for (let length = 0; length < whole.length - 512; length += 37) {
      const found = await readAll(whole.subarray(0, length));
      expect(found.problems).toHaveLength(1);
      if (found.files.a !== undefined && found.damages.a === undefined) expect(found.files.a).toBe('first');
      if (found.files.b !== undefined) expect('x'.repeat(1500).startsWith(found.files.b)).toBe(true);
      if (found.files.b !== undefined && found.files.b.length < 1500) {
        expect(found.damages.b).toBe(
          `cut off after ${found.files.b.length} of 1500 bytes: the archive ends at byte ${length}`,
        );
      }
    }
  });

  it('never throws and never hangs, whatever the bytes are', async () => {
    const valid = tar(
      pax({ path: 'p' }),
      { name: 'a', content: 'x'.repeat(600) },
      { name: 'l', type: '2', linkName: 'm' },
    );
    const change = fc.array(fc.tuple(fc.nat(valid.length - 1), fc.integer({ min: 0, max: 255 })), {
      maxLength: 20,
    });
    await fc.assert(
      fc.asyncProperty(change, fc.integer({ min: 1, max: 2000 }), async (changes, piece) => {
        const bytes = Uint8Array.from(valid);
        for (const [at, byte] of changes) bytes[at] = byte;
        await readAll(bytes, {}, piece);
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 1500 }), async (bytes) => {
        await readAll(bytes);
        await readAll(Buffer.concat([tarPart({ name: 'a', content: 'x' }), bytes]));
      }),
    );
  });
});
