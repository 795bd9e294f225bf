import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CollectedFile, sealFile } from './collected-file.ts';
import { writeArchive } from './write-archive.ts';
import { writeDirectory } from './write-directory.ts';

const INFO = { takenAt: new Date('2026-11-20T12:00:00Z'), netvet: '0.1.0' };
const run = promisify(execFile);

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'netvet-write-'));
});
afterEach(async () => {
  await rm(place, { recursive: true });
});

function file(path: string, text: string): CollectedFile {
  return sealFile({ path, probe: 'x', status: 'ok', bytes: Buffer.from(text) }, 'configuration');
}

const FILES = [
  file('nodes/n1/uname.txt', '6.1.0\n'),
  file('nodes/n1/cni-conf/a.conf', '{"password":"x"}'),
  sealFile({ path: 'nodes/n1/nstat.txt', probe: 'nstat', status: 'not-found', message: 'no token: abc' }),
];

describe('sealFile', () => {
  it('hashes what is written and tells what was taken out', () => {
    expect(FILES[1]?.entry).toEqual({
      path: 'nodes/n1/cni-conf/a.conf',
      probe: 'x',
      status: 'redacted',
      bytes: 34,
      sha256: createHash('sha256').update('{"password":"<redacted:password>"}').digest('hex'),
      redactions: [{ kind: 'password', count: 1 }],
    });
    expect(FILES[2]?.entry.message).toBe('no token: <redacted:token>');
  });

  it('keeps the status of a truncated file', () => {
    const bytes = Buffer.from('token: x');
    expect(sealFile({ path: 'a', probe: 'x', status: 'truncated', bytes }, 'logs').entry).toMatchObject({
      status: 'truncated',
      redactions: [{ kind: 'token', count: 1 }],
    });
  });
});

describe.each([
  ['writeDirectory', writeDirectory, 'out'],
  ['writeArchive', writeArchive, 'out.tar.gz'],
] as const)('%s', (name, write, base) => {
  const content = async (out: string): Promise<string> => {
    if (name === 'writeDirectory') return out;
    const unpacked = join(place, 'unpacked');
    await rm(unpacked, { recursive: true, force: true });
    await mkdir(unpacked);
    await run('tar', ['-xzf', out, '-C', unpacked]);
    return unpacked;
  };

  it('writes the files and the manifest, for the owner alone', async () => {
    const out = join(place, base);
    const manifest = await write(out, FILES, { ...INFO, cluster: 'c' });
    const root = await content(out);
    expect(await readFile(join(root, 'nodes/n1/uname.txt'), 'utf8')).toBe('6.1.0\n');
    expect(await readFile(join(root, 'nodes/n1/cni-conf/a.conf'), 'utf8')).toBe(
      '{"password":"<redacted:password>"}',
    );
    expect(JSON.parse(await readFile(join(root, 'manifest.json'), 'utf8'))).toEqual(manifest);
    expect(manifest).toMatchObject({ takenAt: '2026-11-20T12:00:00.000Z', cluster: 'c' });
    expect(manifest.entries.map(({ status }) => status)).toEqual(['ok', 'redacted', 'not-found']);
    expect((await stat(out)).mode & 0o077).toBe(0);
  });

  it('refuses what is there already, and replaces it when told so', async () => {
    const out = join(place, base);
    await write(out, FILES, INFO);
    await expect(write(out, [], INFO)).rejects.toMatchObject({ code: 'exists', path: out });
    await write(out, [], INFO, { force: true });
    expect(await readdir(await content(out))).toEqual(['manifest.json']);
  });

  it('never replaces a directory that is no snapshot', async () => {
    await mkdir(join(place, base));
    await writeFile(join(place, base, 'thesis.txt'), 'x');
    const force = { force: true };
    await expect(write(join(place, base), FILES, INFO, force)).rejects.toMatchObject({
      code: 'not-a-snapshot',
    });
    expect(await readdir(join(place, base))).toEqual(['thesis.txt']);
  });

  it.each(['../a', '/a', 'a//b', 'a/./b', 'nodes/..', ''])(
    'refuses the path %j and leaves nothing',
    async (path) => {
      const files = [...FILES, file(path, 'x')];
      await expect(write(join(place, base), files, INFO)).rejects.toMatchObject({ code: 'unsafe-path' });
      expect(await readdir(place)).toEqual([]);
    },
  );

  it('refuses a path that comes twice', async () => {
    const files = [...FILES, ...FILES];
    await expect(write(join(place, base), files, INFO)).rejects.toMatchObject({ code: 'duplicate-path' });
    expect(await readdir(place)).toEqual([]);
  });

  it('leaves nothing when the collection fails', async () => {
    async function* failing(): AsyncGenerator<CollectedFile> {
      yield* FILES;
      throw new Error('stopped');
    }
    await expect(write(join(place, base), failing(), INFO)).rejects.toThrow('stopped');
    expect(await readdir(place)).toEqual([]);
  });

  it('says what the file system says', async () => {
    const out = join(place, 'missing', base);
    await expect(write(out, FILES, INFO)).rejects.toMatchObject({ code: 'cannot-write', path: out });
  });
});

describe('writeArchive', () => {
  it('gives the same bytes for the same files', async () => {
    await writeArchive(join(place, 'a'), FILES, INFO);
    await writeArchive(join(place, 'b'), FILES, INFO);
    expect(await readFile(join(place, 'a'))).toEqual(await readFile(join(place, 'b')));
  });

  it('takes names longer than a tar header holds', async () => {
    const path = `nodes/n1/netns/${'n'.repeat(63)}_${'p'.repeat(180)}/ip-link.txt`;
    await writeArchive(join(place, 'a.tgz'), [file(path, 'x')], INFO);
    const { stdout } = await run('tar', ['-tzf', join(place, 'a.tgz')]);
    expect(stdout.split('\n')[0]).toBe(path);
  });
});
