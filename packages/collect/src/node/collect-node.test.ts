import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { loadSnapshot, PROBE_STATUSES, PROBES, type SnapshotFile } from '@netvet/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CollectedFile } from '../manifest/collected-file.ts';
import { type CollectNodeOptions, collectNode } from './collect-node.ts';
import { type Host, thisHost } from './host.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'netvet-node-'));
  await mkdir(join(root, 'bin'));
  for (const tool of ['cat', 'ls']) await symlink(`/bin/${tool}`, join(root, 'bin', tool));
});
afterEach(() => rm(root, { recursive: true }));

async function put(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}

/** A tool of the host, as a shell script without other programs. */
async function tool(name: string, script: string): Promise<void> {
  await put(`bin/${name}`, `#!/bin/sh\n${script}\n`);
  await chmod(join(root, 'bin', name), 0o755);
}

async function process(
  pid: number,
  name: string,
  words: readonly string[],
  namespace = 'pid:[1]',
): Promise<void> {
  await put(`proc/${pid}/comm`, `${name}\n`);
  await put(`proc/${pid}/cmdline`, words.map((word) => `${word}\0`).join(''));
  await mkdir(join(root, `proc/${pid}/ns`));
  await symlink(namespace, join(root, `proc/${pid}/ns/pid`));
}

function host(changes: Partial<Host> = {}): Host {
  return {
    ...thisHost(),
    hostname: 'n1',
    release: '6.1.0-9-amd64',
    isRoot: true,
    root,
    searchPath: [join(root, 'bin')],
    proxyPort: 1,
    sleep: async () => undefined,
    ...changes,
  };
}

async function collect(probes: readonly string[] | undefined, options: CollectNodeOptions = {}) {
  const files: CollectedFile[] = [];
  for await (const file of collectNode({
    ...(probes === undefined ? {} : { probes }),
    namespaces: false,
    host: host(),
    ...options,
  }))
    files.push(file);
  return files.map(({ path, bytes, entry }) => ({
    path: path.replace('nodes/n1/', ''),
    status: entry.status,
    text: bytes === undefined ? undefined : Buffer.from(bytes).toString(),
    entry,
  }));
}

async function outcomes(probes: readonly string[], options?: CollectNodeOptions) {
  return (await collect(probes, options)).map(({ path, status, text }) => [path, status, text]);
}

describe('collectNode, commands', () => {
  it('takes JSON where the tool prints it', async () => {
    await tool('ip', '[ "$*" = "-j -d link" ] && echo "[]"');
    expect(await outcomes(['ip-link'])).toEqual([['ip-link.json', 'ok', '[]\n']]);
  });

  it('takes text where it does not, and tells both', async () => {
    await tool(
      'ip',
      'case $* in *-j*) echo "Option \\"-j\\" is unknown" >&2; exit 255;; esac; echo "1: lo:"',
    );
    expect(await outcomes(['ip-link'])).toEqual([
      ['ip-link.json', 'not-in-this-format', undefined],
      ['ip-link.txt', 'ok', '1: lo:\n'],
    ]);
  });

  it('tells once that the program is missing, or that it was refused', async () => {
    expect(await outcomes(['nft-ruleset'])).toEqual([['nft-ruleset.txt', 'not-found', undefined]]);
    await tool('nft', 'echo "Operation not permitted (you must be root)" >&2; exit 1');
    const [refused] = await collect(['nft-ruleset']);
    expect(refused?.entry).toMatchObject({
      path: 'nodes/n1/nft-ruleset.txt',
      probe: 'nft-ruleset',
      status: 'not-permitted',
      command: 'nft -j list ruleset',
      exitCode: 1,
      message: 'Operation not permitted (you must be root)',
    });
  });

  it('takes the next command where the first is missing', async () => {
    await tool('busybox', '[ "$*" = "sysctl -a" ] && echo "a = 1"');
    expect(await outcomes(['sysctl'])).toEqual([['sysctl.txt', 'ok', 'a = 1\n']]);
  });

  it('looks at the plain iptables-save only where neither back end has its own', async () => {
    await tool('iptables-save', 'echo "# x"');
    const ids = ['iptables-nft-save', 'iptables-save'];
    expect(await outcomes(ids)).toEqual([
      ['iptables-nft-save.txt', 'not-found', undefined],
      ['iptables-save.txt', 'ok', '# x\n'],
    ]);
    await tool('iptables-legacy-save', '');
    expect(await outcomes(ids)).toEqual([['iptables-nft-save.txt', 'not-found', undefined]]);
  });

  it('asks each interface', async () => {
    await put('sys/class/net/bonding_masters', '');
    for (const name of ['lo', 'eth0.100', 'a@b']) await mkdir(join(root, 'sys/class/net', name));
    await tool('ethtool', 'case $2 in lo) echo "no stats available" >&2; exit 94;; esac; echo "$*"');
    expect(await outcomes(['ethtool-stats'])).toEqual([
      ['ethtool-stats/a@b.txt', 'ok', '-S a@b\n'],
      ['ethtool-stats/eth0.100.txt', 'ok', '-S eth0.100\n'],
      ['ethtool-stats/lo.txt', 'empty', ''],
    ]);
  });

  it('runs in another network namespace, and asks the interfaces that are there', async () => {
    // Stands for what enters it: the program that comes after it sees other interfaces.
    await tool('enter', 'case "$*" in *net/dev) echo "  eth7: 1 2";; *) echo "entered for $*";; esac');
    await put('sys/class/net/eth0/mtu', '1500');
    await tool('ethtool', 'echo "of the host"');
    expect(await outcomes(['ethtool-features'], { enter: [join(root, 'bin/enter')] })).toEqual([
      ['ethtool-features/eth7.txt', 'ok', `entered for ${join(root, 'bin/ethtool')} -k eth7\n`],
    ]);
  });

  it('takes counters twice', async () => {
    await tool('conntrack', 'echo "cpu=0 found=1"');
    expect(await outcomes(['conntrack-stats'])).toEqual([
      ['conntrack-stats.txt', 'ok', 'cpu=0 found=1\n'],
      ['conntrack-stats.1.txt', 'ok', 'cpu=0 found=1\n'],
      ['conntrack-stats.2.txt', 'ok', 'cpu=0 found=1\n'],
    ]);
  });

  it('keeps what came before a limit', async () => {
    await tool('nstat', 'echo first; echo second; while :; do :; done');
    const [late] = await collect(['nstat'], { limits: { nstat: { timeoutMs: 300 } } });
    expect([late?.status, late?.text]).toEqual(['truncated', 'first\nsecond\n']);
    const [long] = await collect(['nstat'], { maxBytes: 8 });
    expect([long?.status, long?.text]).toEqual(['truncated', 'first\n']);
  });

  it('takes secrets out', async () => {
    await tool('crio', 'echo "password = \\"hunter2\\""');
    const [file] = await collect(['crio-config']);
    expect([file?.status, file?.text]).toEqual(['redacted', 'password = "<redacted:password>"\n']);
    expect(file?.entry.redactions).toEqual([{ kind: 'password', count: 1 }]);
  });
});

describe('collectNode, kernel modules', () => {
  beforeEach(async () => {
    await put('proc/modules', 'x 1 0 - Live 0x0\n');
    await put('lib/modules/6.1.0-9-amd64/modules.builtin', 'kernel/net/nf-tables.ko\n');
    for (const name of ['ipvsadm', 'nft', 'conntrack']) await tool(name, 'echo "{}"');
  });

  it('runs nothing that would load one', async () => {
    const [ipvs] = await collect(['ipvsadm-save']);
    expect([ipvs?.status, ipvs?.text]).toEqual(['empty', '']);
    expect(ipvs?.entry.message).toBe('the kernel module ip_vs is not loaded');
    await mkdir(join(root, 'sys/module/nf_conntrack'), { recursive: true });
    expect(await outcomes(['conntrack-stats'])).toEqual([['conntrack-stats.txt', 'not-found', undefined]]);
  });

  it('asks modules that are loaded or part of the kernel', async () => {
    await mkdir(join(root, 'sys/module/ip_vs'), { recursive: true });
    expect(await outcomes(['ipvsadm-save', 'nft-ruleset'])).toEqual([
      ['nft-ruleset.json', 'ok', '{}\n'],
      ['ipvsadm-save.txt', 'ok', '{}\n'],
    ]);
  });

  it('asks where it can not know', async () => {
    await rm(join(root, 'lib'), { recursive: true });
    expect(await outcomes(['ipvsadm-save'])).toEqual([['ipvsadm-save.txt', 'ok', '{}\n']]);
  });

  it('lists the modules that could be loaded', async () => {
    expect(await outcomes(['modules-available'])).toEqual([
      ['modules-available.txt', 'not-found', undefined],
    ]);
    await put('lib/modules/6.1.0-9-amd64/modules.dep', '');
    await tool(
      'modprobe',
      '[ "$1 $2" = "--dry-run --quiet" ] || exit 7; case $3 in ip_vs) exit 0;; *) exit 1;; esac',
    );
    const [file] = await collect(['modules-available']);
    expect(file?.text?.split('\n').filter((line) => /^ip_vs(_rr)? /.test(line))).toEqual([
      'ip_vs yes',
      'ip_vs_rr no',
    ]);
    await tool('modprobe', 'echo "modprobe: unrecognized option: dry-run; Usage: modprobe" >&2; exit 1');
    expect(await outcomes(['modules-available'])).toEqual([['modules-available.txt', 'failed', undefined]]);
  });
});

describe('collectNode, files', () => {
  it('takes the first that is there, and unpacks it', async () => {
    await put('proc/config.gz', gzipSync('CONFIG_X=y\n'));
    expect(await outcomes(['kernel-config'])).toEqual([['kernel-config.txt', 'ok', 'CONFIG_X=y\n']]);
    await put('boot/config-6.1.0-9-amd64', 'CONFIG_X=m\n');
    expect(await outcomes(['kernel-config'])).toEqual([['kernel-config.txt', 'ok', 'CONFIG_X=m\n']]);
  });

  it('tells of damaged and of odd files', async () => {
    await put('proc/config.gz', 'no gzip');
    expect(await outcomes(['kernel-config'])).toEqual([['kernel-config.txt', 'failed', undefined]]);
    await mkdir(join(root, 'sys/class/dmi/id/sys_vendor'), { recursive: true });
    expect(await outcomes(['dmi-vendor'])).toEqual([['dmi-vendor.txt', 'failed', undefined]]);
  });

  it('takes of several directories the file in use', async () => {
    await put('usr/lib/systemd/network/80-a.network', 'distribution');
    await put('etc/systemd/network/80-a.network', 'own');
    await put('etc/systemd/network/90-b.network.example', 'not read');
    await symlink('/dev/null', join(root, 'etc/systemd/network/99-default.link'));
    await put('usr/lib/systemd/network/99-default.link', 'masked');
    expect(await outcomes(['systemd-networkd'])).toEqual([
      ['systemd-networkd/80-a.network', 'ok', 'own'],
      ['systemd-networkd/99-default.link', 'empty', ''],
    ]);
  });

  it('tells that a family has no files', async () => {
    expect(await outcomes(['cni-conf'])).toEqual([['cni-conf/*', 'not-found', undefined]]);
  });

  it('prefers the file that the program was told to read', async () => {
    await put('etc/containerd/config.toml', 'usual');
    await put('own/k3s.toml', 'own');
    await symlink('pid:[1]', join(root, 'x'));
    await put('proc/self/ns/x', '');
    await symlink('pid:[1]', join(root, 'proc/self/ns/pid'));
    await process(30, 'containerd', ['containerd', '--config', '/var/run/docker/containerd/containerd.toml']);
    await process(31, 'containerd', ['containerd', '-c', '/own/inner.toml'], 'pid:[2]');
    await process(32, 'containerd', ['containerd', '-c', '/own/k3s.toml']);
    expect(await outcomes(['containerd-config'])).toEqual([['containerd-config.toml', 'ok', 'own']]);
  });
});

describe('collectNode, special probes', () => {
  it('writes the flags of the kubelet as words of a shell, without secrets', async () => {
    await process(7, 'kubelet', ['/usr/bin/kubelet', '--token', 'abc', '--labels=a b', "--x='", '']);
    expect(await outcomes(['kubelet-flags'])).toEqual([
      [
        'kubelet-flags.txt',
        'redacted',
        "/usr/bin/kubelet\n--token\n<redacted:token>\n'--labels=a b'\n'--x='\\'''\n''\n",
      ],
    ]);
  });

  it('follows the links of iptables', async () => {
    await tool('xtables-nft-multi', '');
    await symlink('xtables-nft-multi', join(root, 'bin/iptables-nft'));
    await symlink(join(root, 'bin/iptables-nft'), join(root, 'bin/iptables'));
    const [file] = await collect(['iptables-path']);
    const names = file?.text
      ?.trim()
      .split('\n')
      .map((line) => line.replace(/^.*? ([^ ]*bin\/)/, ''));
    expect(names?.[0]).toMatch(/^iptables -> .*\/iptables-nft$/);
    expect(names?.slice(1)).toEqual(['iptables-nft -> xtables-nft-multi', 'xtables-nft-multi']);
  });

  it('lists the CNI directories that the runtimes name', async () => {
    await put('etc/containerd/config.toml', '[a]\n  bin_dir = "/own/bin"\n');
    await put('etc/crio/crio.conf', 'plugin_dirs = [\n\t"/crio/bin/",\n]\n');
    await put('own/bin/calico', '');
    await mkdir(join(root, 'opt/cni/bin'), { recursive: true });
    const [file] = await collect(['cni-bin']);
    expect(file?.text?.replace(/^.* (\S+)$/gm, '$1')).toBe(
      '/own/bin:\n0\ncalico\ndirectory\n/opt/cni/bin:\n0\n',
    );
    expect(file?.text).toContain("ls: cannot access '/crio/bin': No such file or directory\n");
  });

  it.each([
    ['ipvs', 200, 'ok'],
    ['', 200, 'empty'],
    ['404 page not found', 404, 'failed'],
    ['x'.repeat(5000), 200, 'failed'],
  ])('asks kube-proxy: %.9s %i gives %s', async (answer, code, status) => {
    const server = createServer((_request, response) => response.writeHead(code).end(answer));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const [file] = await collect(['kube-proxy-mode'], { host: host({ proxyPort: port }) });
    server.close();
    expect([file?.status, file?.text]).toEqual([
      status,
      ['ok', 'empty'].includes(status) ? answer : undefined,
    ]);
    expect(file?.entry.request).toBe(`GET http://127.0.0.1:${port}/proxyMode`);
  });

  it('does not wait for a kube-proxy that hangs, or that is not there', async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const limits = { timeoutMs: 100 };
    const [hanging] = await collect(['kube-proxy-mode'], { host: host({ proxyPort: port }), ...limits });
    server.closeAllConnections();
    server.close();
    expect(hanging?.status).toBe('timed-out');
    expect(await outcomes(['kube-proxy-mode'])).toEqual([['kube-proxy-mode.txt', 'failed', undefined]]);
  });
});

describe('collectNode, network namespaces', () => {
  it('runs the probes that say something there', async () => {
    await put('run/netns/blue', '');
    await tool('nsenter', 'shift; exec "$@"');
    await tool('ip', 'echo "[]"');
    await put('proc/net/dev', '');
    const ids = ['ip-link', 'uname'];
    const paths = (await collect(ids, { namespaces: true })).map(({ path, status }) => [path, status]);
    expect(paths).toEqual([
      ['uname.txt', 'not-found'],
      ['ip-link.json', 'ok'],
      ['netns/blue/ip-link.json', 'ok'],
    ]);
  });

  it('tells what it did not look into', async () => {
    await put('run/netns/blue', '');
    const namespaces = { namespaces: true };
    expect(await outcomes(['uname'], namespaces)).toContainEqual(['netns/blue', 'not-found', undefined]);
    const user = { ...namespaces, host: host({ isRoot: false }) };
    expect(await outcomes(['uname'], user)).toContainEqual(['netns/*', 'not-permitted', undefined]);
    expect(await outcomes(['uname'], { ...namespaces, maxNamespaces: 0 })).toContainEqual([
      'netns/blue',
      'timed-out',
      undefined,
    ]);
  });
});

describe('collectNode', () => {
  it.each([true, false])(
    'tells of every probe what became of it where there is nothing (root: %s)',
    async (isRoot) => {
      const empty = host({ root: join(root, 'nothing'), searchPath: [], isRoot });
      const entries = (await collect(undefined, { host: empty })).map(({ entry }) => entry);
      const expected = PROBES.filter(({ source, each }) => source !== undefined && each !== 'interface');
      expect(new Set(entries.map(({ probe }) => probe))).toEqual(
        new Set(PROBES.filter(({ source }) => source !== undefined).map(({ id }) => id)),
      );
      expect(entries.length).toBeGreaterThanOrEqual(expected.length);
      expect(
        entries.every(({ status }) => status === 'not-found' || status === 'failed' || status === 'ok'),
      ).toBe(true);
    },
  );

  it('ends when it is cancelled', async () => {
    await tool('ip', 'while :; do :; done');
    const files = collect(['ip-link', 'ip-addr'], { signal: AbortSignal.timeout(200) });
    expect((await files).map(({ status }) => status)).toContain('timed-out');
  });

  it('gives this machine, loaded without damage', async () => {
    const files: SnapshotFile[] = [];
    const probes = [
      'uname',
      'os-release',
      'ip-link',
      'ip-addr',
      'ip-route',
      'sysctl',
      'iptables-version',
      'cni-bin',
    ];
    for await (const { path, bytes, entry } of collectNode({ probes, namespaces: false })) {
      expect(PROBE_STATUSES).toContain(entry.status);
      if (bytes !== undefined) files.push({ path, chunks: [bytes] });
    }
    const { coverage, nodes } = await loadSnapshot(files);
    expect(coverage).toEqual([]);
    expect(nodes.map(({ name }) => name)).toEqual([thisHost().hostname]);
  });
});
