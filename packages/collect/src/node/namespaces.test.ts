import { mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Host, thisHost } from './host.ts';
import { findNamespaces, interfacesIn } from './namespaces.ts';

const UID = '0b5f6c1e-7a54-4a44-9d5c-1f2e3d4c5b6a';

let root: string;
let host: Host;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'netvet-netns-'));
  host = { ...thisHost(), root };
  await process('self', 1);
});
afterEach(() => rm(root, { recursive: true }));

async function process(pid: number | 'self', inode: number, cgroup = '0::/system.slice\n'): Promise<void> {
  await mkdir(join(root, `proc/${pid}/ns`), { recursive: true });
  await symlink(`net:[${inode}]`, join(root, `proc/${pid}/ns/net`));
  await writeFile(join(root, `proc/${pid}/cgroup`), cgroup);
}

describe('findNamespaces', () => {
  it.each([
    ['systemd', `0::/kubepods.slice/kubepods-pod${UID.replaceAll('-', '_')}.slice/cri-containerd-1.scope\n`],
    ['cgroupfs', `12:cpu:/kubepods/burstable/pod${UID}/abc\n`],
  ])('names those of pods after them (%s)', async (_driver, cgroup) => {
    await mkdir(join(root, `var/log/pods/default_web-1_${UID}`), { recursive: true });
    await process(50, 1);
    await process(60, 7, cgroup);
    await process(70, 7, cgroup);
    expect(await findNamespaces(host)).toEqual([{ name: 'default_web-1', path: '/proc/60/ns/net' }]);
  });

  it('names others after their file, or by number', async () => {
    await mkdir(join(root, 'run/netns'), { recursive: true });
    await writeFile(join(root, 'run/netns/cni-1 2'), '');
    const { ino } = await stat(join(root, 'run/netns/cni-1 2'));
    await process(60, 7);
    await process(100, ino);
    expect(await findNamespaces(host)).toEqual([
      { name: 'cni-1-2', path: '/proc/100/ns/net' },
      { name: 'netns-7', path: '/proc/60/ns/net' },
    ]);
  });

  it('finds none where nothing can be seen', async () => {
    expect(await findNamespaces({ ...host, root: join(root, 'missing') })).toEqual([]);
  });
});

describe('interfacesIn', () => {
  it('reads /proc/net/dev', () => {
    const text = 'Inter-|   Receive\n face |bytes    packets\n    lo: 0 0\n eth0.5:12 3\n  a@b: 1\n';
    expect(interfacesIn(text)).toEqual(['a@b', 'eth0.5', 'lo']);
  });
});
