import { execFileSync } from 'node:child_process';
import { chmod, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { folderOf } from '../../test/support/folder.ts';
import { errorOf, load, open, piecesOf, read } from '../../test/support/read-source.ts';
import { pax, type TarPart, tar, tarOf } from '../../test/support/tar.ts';
import { zip } from '../../test/support/zip.ts';
import { openSource } from './open-source.ts';

const uname = '5.4.0-150-generic\n';
const pods = '{"kind":"PodList","apiVersion":"v1","items":[{"metadata":{"name":"a","namespace":"b"}}]}';
const manifest =
  '{"schema":"netvet.dev/snapshot/v1","takenAt":"2026-11-20T12:00:00Z","netvet":"0.1.0","entries":[]}';
const evidence = { 'manifest.json': manifest, 'cluster/pods.json': pods, 'nodes/n1/uname.txt': uname };

function below(folder: string, files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content]));
}

function zipOf(files: Readonly<Record<string, string>>): Uint8Array {
  return zip(...Object.entries(files).map(([name, content]) => ({ name, content })));
}

describe('a directory', () => {
  it('is read at the top or one folder down, the manifest first, then in order of path', async () => {
    for (const root of [await folderOf(evidence), await folderOf(below('some-cluster', evidence))]) {
      const found = await read(root);
      expect(found).toMatchObject({ kind: 'evidence-directory', files: evidence, problems: [], damages: {} });
      expect(Object.keys(found.files)).toEqual(['manifest.json', 'cluster/pods.json', 'nodes/n1/uname.txt']);
    }
  });

  it('may hold no more than one file, or the files of a lone host', async () => {
    expect((await read(await folderOf({ 'nodes/n1/uname.txt': uname }))).files).toEqual({
      'nodes/n1/uname.txt': uname,
    });
    expect((await read(await folderOf({ 'node/uname.txt': uname }))).files).toEqual({
      'node/uname.txt': uname,
    });
    expect((await read(await folderOf({ 'x/node/uname.txt': uname }))).files).toEqual({
      'node/uname.txt': uname,
    });
  });

  it('gives files no probe makes, so that a mistyped name is seen', async () => {
    const snapshot = await load(await folderOf({ ...evidence, 'nodes/n1/unane.txt': 'x' }));
    expect(snapshot.coverage).toMatchObject([{ status: 'unknown-file', file: 'nodes/n1/unane.txt' }]);
  });

  it('follows links to files inside it and reports all others', async () => {
    const root = await folderOf({ ...evidence, 'nodes/n1/real.txt': 'x' });
    const outside = await folderOf({ secret: 'secret' });
    await symlink('uname.txt', join(root, 'nodes/n1/linked.txt'));
    await symlink(join(outside, 'secret'), join(root, 'nodes/n1/sysctl.txt'));
    await symlink('..', join(root, 'nodes/n1/up'));
    await symlink('nowhere', join(root, 'nodes/n1/lsmod.txt'));
    await symlink('loop.txt', join(root, 'nodes/n1/loop.txt'));
    const found = await read(root);
    expect(found.files['nodes/n1/linked.txt']).toBe(uname);
    expect(JSON.stringify(found.files)).not.toContain('secret');
    expect(found.problems.map(({ file }) => file).sort()).toEqual(
      ['loop.txt', 'lsmod.txt', 'sysctl.txt', 'up'].map((name) => `nodes/n1/${name}`),
    );
    expect(found.problems.find(({ file }) => file.endsWith('sysctl.txt'))?.reason).toContain(
      'links out of the source',
    );
  });

  it('never opens pipes', async () => {
    const root = await folderOf(evidence);
    execFileSync('mkfifo', [join(root, 'nodes/n1/dmesg.txt')]);
    expect((await read(root)).problems).toEqual([
      { file: 'nodes/n1/dmesg.txt', reason: 'not read: a device, pipe or socket, not a file' },
    ]);
  });

  it.runIf(process.getuid?.() === 0 || process.platform === 'linux')(
    'names what may not be read, and reads the rest',
    async () => {
      const root = await folderOf({
        ...evidence,
        'nodes/n2/uname.txt': uname,
        'nodes/n1/sysctl.txt': 'a = 1\n',
      });
      await chmod(root, 0o755);
      await chmod(join(root, 'nodes/n2'), 0);
      await chmod(join(root, 'nodes/n1/sysctl.txt'), 0);
      const isRoot = process.getuid?.() === 0;
      if (isRoot) process.seteuid?.(65_534);
      try {
        const found = await read(root);
        expect(found.files['nodes/n1/uname.txt']).toBe(uname);
        expect(found.problems).toEqual([
          {
            file: 'nodes/n2',
            reason: expect.stringContaining('permission denied; run as a user who may read it'),
          },
        ]);
        expect(found.damages['nodes/n1/sysctl.txt']).toContain('can not be read: permission denied');
      } finally {
        if (isRoot) process.seteuid?.(0);
        await chmod(join(root, 'nodes/n2'), 0o755);
      }
    },
  );

  it('with names that are refused is read without them', async () => {
    const root = await folderOf({ ...evidence, 'nodes/n1/a\\b.txt': 'x', 'nodes/n1/a\u0007.txt': 'x' });
    await writeFile(Buffer.concat([Buffer.from(`${root}/nodes/n1/`), Buffer.of(0xff)]), 'x');
    const found = await read(root);
    expect(found.files).toEqual(evidence);
    expect(found.problems.map(({ file }) => file)).toEqual([
      'nodes/n1/a\\x07.txt',
      'nodes/n1/a\\b.txt',
      'nodes/n1/\\xff',
    ]);
  });

  it('is read up to the limits', async () => {
    const root = await folderOf({ ...evidence, 'nodes/n1/sysctl.txt': 'x'.repeat(5000) });
    const large = await read(root, { maxTotalBytes: 1000 });
    expect(large.problems[0]?.reason).toContain('unpacks to more than 1000 bytes');
    const many = await read(root, { maxEntries: 4 });
    expect(many.problems[0]?.reason).toContain('more than 4 entries');
  });

  it('that holds nothing known is an error that says what is expected', async () => {
    const root = await folderOf({ 'readme.txt': 'x', 'sub/uname.txt': 'x' });
    expect(await errorOf(root)).toMatch(
      /^\S+ holds nothing that is known here\. Expected an evidence directory/,
    );
    expect(await errorOf(await folderOf({}))).toContain('holds no file');
  });
});

describe('an archive', () => {
  const forms: Readonly<Record<string, (files: Readonly<Record<string, string>>) => Uint8Array>> = {
    tar: tarOf,
    'tar.gz': (files) => gzipSync(tarOf(files)),
    'tar.zst': (files) => zstdCompressSync(tarOf(files)),
    zip: zipOf,
  };

  describe.each(Object.entries(forms))('%s', (name, pack) => {
    it('is recognised by its content, from a file or standard input', async () => {
      const root = await folderOf({ 'snapshot.txt': pack(evidence) });
      for (const source of [join(root, 'snapshot.txt'), pack(evidence), pack(below('x', evidence))]) {
        expect(await read(source)).toMatchObject({
          kind: 'snapshot',
          files: evidence,
          problems: [],
          damages: {},
        });
      }
    });

    it('may hold its files in any order', async () => {
      const reversed = Object.fromEntries(Object.entries(evidence).reverse());
      expect((await read(pack(reversed))).files).toEqual(evidence);
    });

    it('with nothing known, or nothing at all, is an error', async () => {
      expect(await errorOf(pack({ 'readme.txt': 'x' }))).toContain(
        'standard input holds nothing that is known here',
      );
      if (name === 'zip') expect(await errorOf(pack({}))).toContain('holds no file');
    });
  });

  it('tar.xz is read', async () => {
    const packed = await readFile(join(import.meta.dirname, 'xz/__fixtures__/crc64.xz'));
    expect(await errorOf(packed)).toContain('holds neither a tar archive nor objects of Kubernetes');
    const snapshot = await readFile(join(import.meta.dirname, 'xz/__fixtures__/snapshot.tar.xz'));
    expect((await read(snapshot)).files).toEqual({ 'nodes/n1/uname.txt': uname });
  });

  it('with two clusters is an error that names both', async () => {
    const two = { ...below('first', evidence), ...below('second', evidence) };
    const expected =
      /holds more than one source: first \(evidence directory\) and second \(evidence directory\)/;
    expect(await errorOf(tarOf(two))).toMatch(expected);
    expect(await errorOf(await folderOf(two))).toMatch(expected);
    expect(await errorOf(zipOf(two))).toMatch(expected);
    expect(await errorOf(tarOf({ ...evidence, 'other/manifest.json': manifest }))).toContain(
      'the top folder',
    );
  });

  it('whose second cluster comes late fails after the last file', async () => {
    const two = {
      ...below('first', evidence),
      'first/nodes/n1/sysctl.txt': 'x'.repeat(5000),
      ...below('second', evidence),
    };
    const found = await read(tarOf(two), { lookaheadBytes: 100 });
    expect(found.failure).toMatch(/first .* and second/);
    expect(Object.keys(found.files).join()).not.toContain('second');
  });

  it('may hold the manifest of something else', async () => {
    expect((await read(tarOf({ ...evidence, 'chart/manifest.json': '{"name":"x"}' }))).problems).toEqual([]);
  });

  it('reports what is refused and uses the rest', async () => {
    const hostile: TarPart[] = [
      { name: '../../etc/cron.d/x', content: 'x' },
      { name: 'nodes/n1/sysctl.txt', type: '2', linkName: '/etc/shadow' },
      { name: 'nodes/n1/uname.txt', content: uname },
    ];
    const snapshot = await load(tar(...hostile));
    expect(snapshot.nodes.map(({ name }) => name)).toEqual(['n1']);
    expect(snapshot.coverage).toMatchObject([
      { status: 'damaged', file: '../../etc/cron.d/x', reason: expect.stringContaining('".."') },
      { status: 'damaged', file: 'nodes/n1/sysctl.txt', reason: expect.stringContaining('/etc/shadow') },
    ]);
  });

  it('that was cut is used as far as it came, and says where it ends', async () => {
    const packed = gzipSync(
      tarOf({
        ...evidence,
        'nodes/n1/sysctl.txt': Array.from({ length: 3000 }, (_, n) => `a.${n * 7919} = 1\n`).join(''),
      }),
    );
    let cutFiles = 0;
    for (let length = 0; length < packed.length; length += 23) {
      const opened = await open(packed.subarray(0, length));
      if ('error' in opened) {
        expect(opened.error.message).toMatch(/^standard input /);
        continue;
      }
      await opened.close();
      const snapshot = await load(packed.subarray(0, length));
      expect(snapshot.coverage.some(({ reason }) => reason?.includes(`at byte ${length}`) === true)).toBe(
        true,
      );
      cutFiles++;
    }
    expect(cutFiles).toBeGreaterThan(100);
  });

  it('inside another one is not unpacked', async () => {
    expect(await errorOf(gzipSync(gzipSync(tarOf(evidence))))).toContain('an archive inside another one');
    const nested = tar(
      { name: 'nodes/n1/uname.txt', content: uname },
      { name: 'inner.tar', content: tarOf(evidence) },
    );
    expect(Object.keys((await read(nested)).files)).toEqual(['nodes/n1/uname.txt', 'inner.tar']);
  });

  it('is read while it comes: only the start is held in memory', async () => {
    let given = 0;
    async function* archive(): AsyncGenerator<Uint8Array> {
      const head = tar({ name: 'cluster/pods.json', size: 50_000_000 }).subarray(0, 512);
      const chunks = [
        head,
        ...Array.from({ length: 500 }, () => Buffer.alloc(100_000, ' ')),
        Buffer.alloc(1024),
      ];
      for (const chunk of chunks) {
        given += chunk.length;
        yield chunk;
      }
    }
    const opened = await openSource('-', { stdin: archive(), lookaheadBytes: 1_000_000 });
    if ('error' in opened) throw new Error(opened.error.message);
    expect(given).toBeLessThan(3_000_000);
    let length = 0;
    for await (const file of opened.files) for await (const chunk of file.chunks) length += chunk.length;
    expect(length).toBe(50_000_000);
  });

  it('that would fill the memory or the disk is stopped', async () => {
    const bomb = gzipSync(
      tar(
        { name: 'nodes/n1/uname.txt', content: uname },
        { name: 'cluster/pods.json', content: Buffer.alloc(30_000_000) },
      ),
    );
    const found = await read(bomb, { lookaheadBytes: 1000, maxRatio: 100 });
    expect(found.files['nodes/n1/uname.txt']).toBe(uname);
    expect(found.problems[0]?.reason).toContain('more than 100 times its size');
    expect(found.damages['cluster/pods.json']).toContain('cut off after');
  });

  it('of many entries takes no more than the limit', async () => {
    const parts = Array.from({ length: 50 }, (_, index) => ({
      name: `nodes/n${index}/uname.txt`,
      content: uname,
    }));
    const found = await read(tar(...parts), { maxEntries: 20 });
    expect(Object.keys(found.files)).toHaveLength(20);
    expect(found.problems[0]?.reason).toContain('more than 20 entries');
  });

  it('as zip on standard input is held in memory up to a limit', async () => {
    expect(await errorOf(zipOf(evidence), { maxSpooledBytes: 100 })).toContain('Save it to a file');
  });
});

describe('a dump of objects', () => {
  it('is split by the kinds of its items', async () => {
    const dump = {
      apiVersion: 'v1',
      items: [
        { kind: 'Pod', apiVersion: 'v1', metadata: { name: 'p', namespace: 'd' } },
        { kind: 'DaemonSet', apiVersion: 'apps/v1', metadata: { name: 's', namespace: 'd' } },
        { kind: 'Pod', apiVersion: 'v1', metadata: { name: 'q', namespace: 'd' } },
        { kind: 'FelixConfiguration', apiVersion: 'crd.projectcalico.org/v1', metadata: { name: 'default' } },
        { kind: 'NetworkAttachmentDefinition', apiVersion: 'k8s.cni.cncf.io/v1', metadata: { name: 'n' } },
      ],
      kind: 'List',
    };
    const root = await folderOf({ 'all.json': JSON.stringify(dump) });
    const snapshot = await load(join(root, 'all.json'));
    expect([...snapshot.objects.keys()]).toEqual([
      'pods',
      'daemonsets.apps',
      'felixconfigurations.crd.projectcalico.org',
      'network-attachment-definitions.k8s.cni.cncf.io',
    ]);
    expect(snapshot.objects.get('pods')).toMatchObject({
      complete: false,
      files: [join(root, 'all.json')],
      items: [{ pointer: '/items/0' }, { pointer: '/items/2', object: { metadata: { name: 'q' } } }],
    });
    // Said once for each resource.
    expect(snapshot.coverage.map(({ status }) => status)).toEqual(Array(4).fill('truncated'));
  });

  it.each([
    ['a typed list', '{"kind":"NodeList","apiVersion":"v1","items":[{"metadata":{"name":"n"}}]}', 1],
    ['one object', '{"kind":"Node","apiVersion":"v1","metadata":{"name":"n"}}', 1],
    ['a list of nothing', '{"kind":"NodeList","apiVersion":"v1","items":[]}', 0],
    [
      'YAML',
      'apiVersion: v1\nitems:\n- apiVersion: v1\n  kind: Node\n  metadata:\n    name: n1\nkind: List\n',
      1,
    ],
    [
      'YAML documents',
      'apiVersion: v1\nkind: Node\nmetadata: {name: a}\n---\napiVersion: v1\nkind: Node\nmetadata: {name: b}\n',
      2,
    ],
  ])('may be %s', async (_, text, count) => {
    for (const bytes of [Buffer.from(text), gzipSync(text)]) {
      const opened = await open(bytes);
      expect(opened).toMatchObject({ kind: 'cluster-dump' });
      expect((await load(bytes)).objects.get('nodes')?.items).toHaveLength(count);
    }
  });

  it('that was cut keeps the objects before, and says so', async () => {
    const text =
      '{"kind":"List","items":[{"kind":"Node","apiVersion":"v1","metadata":{"name":"n"}},{"kind":"No';
    const snapshot = await load(Buffer.from(text));
    expect(snapshot.objects.get('nodes')?.items).toHaveLength(1);
    expect(
      snapshot.coverage.some(({ reason }) => reason === `the JSON text is cut off at byte ${text.length}`),
    ).toBe(true);
  });

  it.each(['{}', '[]', '{"a":1}', '[1,2]', '{"items":[{}]}', '{"kind":"List","items":[]}', '{"kind":'])(
    'without any object is an error: %s',
    async (text) => {
      expect(await errorOf(Buffer.from(text))).toContain('holds no objects of Kubernetes');
    },
  );
});

describe('what can not be read', () => {
  it.each<[string, Uint8Array, string]>([
    ['nothing', Buffer.alloc(0), 'is empty'],
    ['text', Buffer.from('hello'), 'is nothing that is known here'],
    ['bzip2', Buffer.from('BZh91AY'), 'is bzip2, which is not read. Unpack it'],
    ['7-Zip', Buffer.from('377abcaf271c0004', 'hex'), 'is 7-Zip'],
    ['cut gzip', gzipSync('x').subarray(0, 5), 'can not be unpacked'],
    ['cut zip', zip({ name: 'a' }).subarray(0, 20), 'was cut off or is damaged'],
  ])('names the source and what to do: %s', async (_, bytes, message) => {
    expect(await errorOf(bytes)).toContain(`standard input ${message}`);
  });

  it('says so for paths', async () => {
    const root = await folderOf({});
    expect(await errorOf(join(root, 'missing'))).toBe(
      `${join(root, 'missing')} can not be read: does not exist`,
    );
    execFileSync('mkfifo', [join(root, 'pipe')]);
    expect(await errorOf(join(root, 'pipe'))).toContain('neither a file nor a directory');
  });

  it('never throws and never hangs, whatever the bytes are', async () => {
    const valid = [
      tar(
        pax({ path: 'nodes/n1/uname.txt' }),
        { name: 'x', content: uname },
        { name: 'cluster/pods.json', content: pods },
      ),
      gzipSync(tarOf(evidence)),
      zipOf(evidence),
      Buffer.from(pods),
    ];
    const change = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 6 });
    const tryAll = async (bytes: Uint8Array): Promise<void> => {
      const opened = await openSource('-', { stdin: piecesOf(bytes, 97), lookaheadBytes: 500 });
      if ('error' in opened) expect(opened.error.message).toMatch(/^standard input /);
      else await opened.close();
      if (!('error' in opened)) await load(bytes, { lookaheadBytes: 500 });
    };
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...valid), change, fc.nat(), async (whole, changes, cut) => {
        const bytes = Uint8Array.from(whole);
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        await tryAll(bytes);
        await tryAll(bytes.subarray(0, cut % bytes.length));
      }),
      { numRuns: 150 },
    );
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), tryAll), { numRuns: 150 });
  });
});
