import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ZipPart, zip } from '../../../test/support/zip.ts';
import { Meter } from '../bytes/meter.ts';
import { DEFAULT_LIMITS, type SourceLimits } from '../limits.ts';
import { EntryGate } from '../names/gate.ts';
import { SourceProblems } from '../problems.ts';
import { openZip } from './read-zip.ts';

interface Found {
  readonly error?: string;
  readonly files: Readonly<Record<string, string>>;
  readonly damages: Readonly<Record<string, string>>;
  readonly problems: readonly string[];
}

async function readAll(bytes: Uint8Array, changed: Partial<SourceLimits> = {}): Promise<Found> {
  const limits = { ...DEFAULT_LIMITS, ...changed };
  const problems = new SourceProblems('archive');
  const context = { gate: new EntryGate(limits, problems), problems, meter: new Meter(limits) };
  const opened = await openZip(bytes, bytes.length, context);
  const files: Record<string, string> = {};
  const damages: Record<string, string> = {};
  if ('error' in opened) return { error: opened.error, files, damages, problems: [] };
  for await (const entry of opened.entries) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of entry.chunks) chunks.push(chunk);
    files[entry.path] = Buffer.concat(chunks).toString();
    const damage = entry.damage();
    if (damage !== undefined) damages[entry.path] = damage;
  }
  opened.close();
  return { files, damages, problems: problems.list().map(({ file, reason }) => `${file}: ${reason}`) };
}

it('reads files, packed and stored', async () => {
  const archive = zip(
    { name: 'd/', mode: 0o40755 },
    { name: 'd/a', content: 'x'.repeat(5000) },
    { name: 'b', content: 'y', stored: true },
  );
  expect(await readAll(archive)).toEqual({
    files: { 'd/a': 'x'.repeat(5000), b: 'y' },
    damages: {},
    problems: [],
  });
});

it.each<[string, ZipPart, string]>([
  ['absolute paths', { name: '/a' }, '/a: not read: an absolute path'],
  ['paths that go up', { name: '../a' }, '../a: not read: a path with ".."'],
  ['backslashes', { name: 'a\\b' }, 'a\\b: not read: a backslash'],
  [
    'names of old code pages',
    { name: Uint8Array.of(0x81, 0x61), flags: 0 },
    '\\x81a: not read: a name that is not UTF-8',
  ],
  ['links', { name: 'a', content: '/etc/passwd', mode: 0o120777 }, 'a: not read: a symbolic link'],
  ['devices', { name: 'a', mode: 0o020644 }, 'a: not read: a device'],
  ['encrypted files', { name: 'a', flags: 0x801 }, 'a: not read: encrypted'],
  ['other methods', { name: 'a', method: 12 }, 'a: not read: compressed with method 12'],
])('refuses %s and reads the rest', async (_, part, problem) => {
  const found = await readAll(zip({ name: '1', content: 'x' }, part, { name: '2', content: 'y' }));
  expect(found.files).toEqual({ 1: 'x', 2: 'y' });
  expect(found.problems).toEqual([expect.stringContaining(problem)]);
});

describe('damage', () => {
  it('is named for each file', async () => {
    const archive = zip(
      { name: 'sum', content: 'x', crc: 1 },
      { name: 'size', content: 'xyz', size: 2 },
      { name: 'whole', content: 'x' },
    );
    expect((await readAll(archive)).damages).toEqual({
      sum: 'the content does not fit its checksum',
      size: '3 bytes instead of 2',
    });
  });

  it('of the packed bytes leaves the other files', async () => {
    const archive = Buffer.from(
      zip({ name: 'a', content: 'hello '.repeat(50) }, { name: 'b', content: 'y' }),
    );
    archive.fill(0xff, 31, 40);
    const found = await readAll(archive);
    expect(found.files.b).toBe('y');
    expect(found.damages.a).toMatch(/^damaged after 0 of 300 bytes/);
  });

  it('of the list of files is an error, or ends the list', async () => {
    const archive = Buffer.from(zip({ name: 'a', content: 'x' }, { name: 'b', content: 'y' }));
    expect((await readAll(archive.subarray(0, 60))).error).toContain('list of files at the end');
    const second = archive.lastIndexOf('PK\u0001\u0002');
    archive.fill(0, second, second + 4);
    expect(await readAll(archive)).toMatchObject({
      files: { a: 'x' },
      problems: [expect.stringMatching(/^archive: the list of files is damaged after a/)],
    });
  });

  it('never makes it throw or hang', async () => {
    const valid = zip({ name: 'a', content: 'x'.repeat(300) }, { name: 'b', content: 'y', stored: true });
    const change = fc.array(fc.tuple(fc.nat(valid.length - 1), fc.integer({ min: 0, max: 255 })), {
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(change, fc.nat(valid.length), async (changes, length) => {
        const bytes = Uint8Array.from(valid);
        for (const [at, byte] of changes) bytes[at] = byte;
        await readAll(bytes);
        await readAll(bytes.subarray(0, length));
      }),
      { numRuns: 200 },
    );
  });
});

it('stops where an archive unpacks to far more than it is', async () => {
  const archive = zip(
    { name: 'a', content: 'x' },
    { name: 'bomb', content: Buffer.alloc(2_000_000) },
    { name: 'b', content: 'y' },
  );
  const found = await readAll(archive, { maxRatio: 100, ratioGraceBytes: 100_000 });
  expect(Object.keys(found.files)).toEqual(['a', 'bomb']);
  expect(found.damages.bomb).toContain('more than 100 times its size');
  expect(found.problems[0]).toContain('more than 100 times its size');
});
