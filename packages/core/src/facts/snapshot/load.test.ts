import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lsmodProbe } from '../../probes/system.ts';
import { kernel } from '../derived/kernel/index.ts';
import { ClusterSubject } from '../subjects.ts';
import { TEXT_LIMIT } from './decode.ts';
import { loadSnapshot, type SnapshotFile } from './load.ts';

const encode = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));

function files(contents: Readonly<Record<string, string | Uint8Array>>): SnapshotFile[] {
  return Object.entries(contents).map(([path, content]) => ({
    path,
    chunks: [typeof content === 'string' ? encode(content) : content],
  }));
}

describe('loading a snapshot', () => {
  it('reads one bare file', async () => {
    const snapshot = await loadSnapshot(files({ 'nodes/n1/uname.txt': '5.4.0-150-generic\n' }));
    const [node] = new ClusterSubject(snapshot, { now: '2026-11-20T00:00:00Z' }).nodes;
    expect(node?.name).toBe('n1');
    expect(node?.fact(kernel, '')).toMatchObject({ state: 'known', value: { raw: '5.4.0-150-generic' } });
  });

  it('reads a text as long as texts can be', async () => {
    const longest = new Uint8Array(TEXT_LIMIT + 1).fill(0x20);
    const snapshot = await loadSnapshot(files({ 'nodes/n1/sysctl.txt': longest }));
    expect(snapshot.coverage).toMatchObject([{ file: 'nodes/n1/sysctl.txt', status: 'damaged' }]);
  });

  it('reads lists, typed lists and bare arrays of objects', async () => {
    const item = { metadata: { name: 'a', namespace: 'd' } };
    const snapshot = await loadSnapshot(
      files({
        'cluster/pods.json': JSON.stringify({ kind: 'PodList', apiVersion: 'v1', items: [item] }),
        'cluster/services.json': JSON.stringify([item]),
        'cluster/version.json': JSON.stringify({ gitVersion: 'v1.27.3' }),
      }),
    );
    expect(snapshot.objects.get('pods')?.items[0]?.object.kind).toBe('Pod');
    expect(snapshot.objects.get('services')?.items).toHaveLength(1);
    expect(snapshot.objects.get('version')?.items[0]?.object).toMatchObject({ gitVersion: 'v1.27.3' });
    expect(snapshot.coverage).toEqual([]);
  });

  it('takes an empty list as "there are none", and an empty file as damage', async () => {
    const snapshot = await loadSnapshot(
      files({ 'cluster/pods.json': '{"items":[]}', 'cluster/services.json': '' }),
    );
    expect(snapshot.objects.get('pods')).toMatchObject({ items: [], complete: true });
    expect(snapshot.objects.get('services')?.complete).toBe(false);
    expect(snapshot.coverage).toMatchObject([{ file: 'cluster/services.json', status: 'damaged' }]);
  });

  it('keeps the objects before the place where JSON was cut, and says so', async () => {
    const whole = JSON.stringify({
      kind: 'PodList',
      items: [{ metadata: { name: 'a' } }, { metadata: { name: 'b' } }],
    });
    const snapshot = await loadSnapshot(files({ 'cluster/pods.json': whole.slice(0, -10) }));
    expect(snapshot.objects.get('pods')).toMatchObject({
      items: [{ object: { metadata: { name: 'a' } } }],
      complete: false,
    });
    expect(snapshot.coverage[0]).toMatchObject({ file: 'cluster/pods.json', status: 'damaged' });
  });

  it('uses the first of two files with one name', async () => {
    const twice = [...files({ 'nodes/n1/uname.txt': '5.4.0' }), ...files({ 'nodes/n1/uname.txt': '6.1.0' })];
    const snapshot = await loadSnapshot(twice);
    const [node] = new ClusterSubject(snapshot, { now: '2026-11-20T00:00:00Z' }).nodes;
    expect(node?.fact(kernel, '')).toMatchObject({ value: { raw: '5.4.0' } });
    expect(snapshot.coverage[0]?.reason).toContain('second file');
  });

  it('names files that no probe makes', async () => {
    const snapshot = await loadSnapshot(files({ 'nodes/n1/strange.txt': 'x', 'README.md': 'y' }));
    expect(snapshot.coverage.map(({ status, file }) => [status, file])).toEqual([
      ['unknown-file', 'nodes/n1/strange.txt'],
      ['unknown-file', 'README.md'],
    ]);
  });

  it('reads UTF-16 and a byte order mark as Windows tools write them', async () => {
    const utf16 = new Uint8Array(Buffer.from('\ufeff5.4.0-150-generic\r\n', 'utf16le'));
    const snapshot = await loadSnapshot(files({ 'nodes/n1/uname.txt': utf16 }));
    const [node] = new ClusterSubject(snapshot, { now: '2026-11-20T00:00:00Z' }).nodes;
    expect(node?.fact(kernel, '')).toMatchObject({ value: { raw: '5.4.0-150-generic' } });
  });

  it('remembers what the manifest says was tried in vain', async () => {
    const manifest = {
      schema: 'netvet.dev/snapshot/v1',
      takenAt: '2026-11-20T12:00:00Z',
      netvet: '0.1.0',
      cluster: 'prod',
      entries: [
        {
          path: 'nodes/n1/iptables-nft-save.txt',
          probe: 'iptables-nft-save',
          status: 'not-permitted',
          message: 'must be root',
        },
        { path: 'nodes/n1/ipset-save.txt', probe: 'ipset-save', status: 'empty' },
      ],
    };
    const snapshot = await loadSnapshot(files({ 'manifest.json': JSON.stringify(manifest) }));
    expect(snapshot).toMatchObject({ cluster: 'prod', takenAt: '2026-11-20T12:00:00Z' });
    expect(snapshot.coverage).toMatchObject([
      { probe: 'iptables-nft-save', status: 'not-permitted', reason: 'must be root' },
      { probe: 'ipset-save', status: 'empty' },
    ]);
  });

  it('takes what a collector cut for incomplete, and tells what it left out', async () => {
    const entry = (path: string, status: string) => ({ path, probe: 'x', status });
    const manifest = {
      schema: 'netvet.dev/snapshot/v1',
      takenAt: '2026-11-20T12:00:00Z',
      entries: [
        entry('nodes/n1/lsmod.txt', 'truncated'),
        entry('nodes/n2/lsmod.txt', 'ok'),
        entry('cluster/pods.json', 'truncated'),
        entry('nodes/n1/crio-config.toml', 'redacted'),
      ],
    };
    const lsmod = 'Module                  Size  Used by\nip_vs                 180224  0\n';
    const snapshot = await loadSnapshot(
      files({
        'manifest.json': JSON.stringify(manifest),
        'nodes/n1/lsmod.txt': lsmod,
        'nodes/n2/lsmod.txt': lsmod,
        'cluster/pods.json': '{"kind":"PodList","items":[]}',
      }),
    );
    const complete = snapshot.nodes
      .map(({ host }) => host.read(lsmodProbe, ''))
      .map((read) => read.state === 'read' && read.complete);
    expect(complete).toEqual([false, true]);
    expect(snapshot.objects.get('pods')?.complete).toBe(false);
    expect(snapshot.coverage.map(({ file, status }) => [file, status])).toEqual([
      ['nodes/n1/lsmod.txt', 'truncated'],
      ['cluster/pods.json', 'truncated'],
      ['nodes/n1/crio-config.toml', 'redacted'],
    ]);
  });

  it('never throws, whatever the files hold', async () => {
    const path = fc.constantFrom(
      'manifest.json',
      'cluster/pods.json',
      'cluster/version.json',
      'nodes/n1/uname.txt',
      'nodes/n1/ip-route.json',
      'nodes/n1/netns/a_b/ip-addr.txt',
      'logs/a_b_c.log',
      'x',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(path, fc.uint8Array({ maxLength: 300 }))), async (list) => {
        const snapshot = await loadSnapshot(list.map(([name, bytes]) => ({ path: name, chunks: [bytes] })));
        expect(snapshot.nodes.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 300 },
    );
  });
});
