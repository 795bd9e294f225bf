import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { loadSnapshot, type Manifest, type Snapshot, type SnapshotFile } from '@netvet/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectScript } from './collect-script.ts';

/** Tools of the system that the tests use where they are there. */
const SYSTEM = { shellcheck: 'shellcheck', unshare: 'unshare' };

const SHELLS = [['dash'], ['busybox', 'ash'], ['bash', '--posix']];

/** Every secret of the machine below starts with this. */
const SECRET = 'Qz7secret';

/**
 * Turns a fresh mount, process and network namespace into a node with a kubelet, a runtime, pods and secrets, and runs
 * the command that follows in it.
 */
const MACHINE = `set -e
copy() { mkdir "$TMP/$1"; cp -a "/$2/." "$TMP/$1/" 2>/dev/null || true; mount --bind "$TMP/$1" "/$2"; }
mount -t tmpfs tmpfs "$TMP"
mkdir "$TMP/keep"
copy etc etc
for empty in /var/lib /var/log /run; do mkdir "$TMP/empty"; mount -t tmpfs tmpfs "$empty"; rmdir "$TMP/empty"; done
mkdir -p /etc/cni/net.d /etc/containerd /etc/crio/crio.conf.d /etc/NetworkManager/conf.d /etc/systemd/network /var/lib/kubelet
printf '{"name":"k8s","cniVersion":"1.0.0","plugins":[{"type":"calico","token":"%s","mtu":0}]}' '${SECRET}' >/etc/cni/net.d/10-calico.conflist
printf 'users:\\n- user:\\n    token: ${SECRET}\\n' >/etc/cni/net.d/calico-kubeconfig
printf '{"name":"x"}' >/etc/cni/net.d/.hidden.conf
: >/etc/cni/net.d/99-empty.conf
printf 'version = 2\\n[plugins."io.containerd.grpc.v1.cri".cni]\\n  bin_dir = "/opt/own/bin/"\\n[plugins."io.containerd.grpc.v1.cri".registry.configs."r".auth]\\n  username = "u"\\n  password = "${SECRET}"\\n  blob = "${SECRET}"\\n' >/etc/containerd/own.toml
printf '[crio.network]\\nplugin_dirs = [\\n  "/usr/lib/cni/",\\n  # "/not/this",\\n  "/etc/containerd",\\n]\\n' >/etc/crio/crio.conf.d/10.conf
printf '[main]\\nplugins=keyfile\\n[x]\\npassword=${SECRET} with blanks\\r\\n' >/etc/NetworkManager/conf.d/a.conf
printf '[NetDev]\\nKind=wireguard\\n[WireGuard]\\nPrivateKey=${SECRET}\\n' >/etc/systemd/network/10-wg.netdev
ln -s /dev/null /etc/systemd/network/99-default.link
printf 'kind: KubeletConfiguration\\nclusterDNS:\\n- 10.96.0.10\\n' >/var/lib/kubelet/own.yaml
mkdir -p "$TMP/bin" /run/netns
printf '#!/bin/sh\\nsleep 1000\\n' >"$TMP/bin/kubelet"
cp "$TMP/bin/kubelet" "$TMP/bin/containerd"
chmod +x "$TMP"/bin/*
"$TMP/bin/kubelet" --config=/var/lib/kubelet/own.yaml --bootstrap-token ${SECRET} --cni-bin-dir=/opt/b,/opt/c --node-labels="a=it's" --v=2 &
"$TMP/bin/containerd" -c /etc/containerd/own.toml &
ip link set lo up
ip link add v0 type veth peer name v1
ip netns add 'blue_web-1'
ip link set v1 netns 'blue_web-1'
exec "$@"
`;

const COLLECT = `
import { createServer } from 'node:http';
import { collectNode } from '${new URL('../node/collect-node.ts', import.meta.url).pathname}';
import { writeDirectory } from '${new URL('../manifest/write-directory.ts', import.meta.url).pathname}';
import { spawn } from 'node:child_process';
const out = process.argv[1];
const server = createServer((_request, response) => response.end('ipvs')).listen(10249, '127.0.0.1');
await writeDirectory(out + '/node', collectNode({ name: 'n1' }), { takenAt: new Date(), netvet: '0.1.0' });
await Promise.all(JSON.parse(process.argv[2]).map((shell) => {
  const args = [...shell.slice(1), out + '/collect.sh', '-n', 'n1', '-o', out + '/' + shell[0]];
  const child = spawn(shell[0], args, { stdio: ['ignore', 'inherit', 'inherit'] });
  return new Promise((resolve) => child.on('close', resolve));
}));
server.close();
process.exit(0);
`;

let place: string;
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'netvet-script-'));
  writeFileSync(join(place, 'collect.sh'), collectScript('0.1.0'));
});
afterAll(() => rmSync(place, { recursive: true }));

describe('collectScript', () => {
  it.for(SHELLS)('is understood by %s', (shell, { skip }) => {
    const [program = '', ...options] = shell;
    const { status, stderr, error } = spawnSync(program, [...options, '-n', join(place, 'collect.sh')]);
    if (error !== undefined) skip(`${program} is not installed`);
    expect([status, stderr.toString()]).toEqual([0, '']);
  });

  it('is clean for shellcheck', ({ skip }) => {
    const result = spawnSync(SYSTEM.shellcheck, ['-s', 'sh', join(place, 'collect.sh')]);
    if (result.error !== undefined) skip('shellcheck is not installed');
    expect(result.stdout.toString()).toBe('');
  });

  it.each([
    [['-t', 'x'], 'not a number of seconds: x'],
    [['-n', '../x'], 'not a name of a node: ../x'],
    [['extra'], 'unexpected argument: extra'],
  ])('refuses %j', (args, message) => {
    const { status, stderr } = spawnSync('sh', [join(place, 'collect.sh'), ...args], { cwd: place });
    expect([status, stderr.toString()]).toEqual([2, `collect.sh: ${message}\n`]);
  });

  it('never writes over what is there', () => {
    mkdirSync(join(place, 'taken'));
    const { status } = spawnSync('sh', [join(place, 'collect.sh'), '-o', join(place, 'taken')]);
    expect(status).toBe(2);
  });
});

const NAMESPACES = ['--mount', '--pid', '--net', '--fork', '--mount-proc'];
const isPossible = spawnSync(SYSTEM.unshare, [...NAMESPACES, 'true']).status === 0;
const why = isPossible ? '' : ' (skipped: needs root and unshare)';

describe.skipIf(!isPossible)(`collectScript and collectNode on the same node${why}`, () => {
  const shells = SHELLS.filter(([shell = '']) => spawnSync(shell, ['-c', 'true']).error === undefined);

  beforeAll(() => {
    const scratch = join(place, 'scratch');
    mkdirSync(scratch);
    const node = [
      '--conditions=@netvet/source',
      '--input-type=module-typescript',
      '-e',
      COLLECT,
      place,
      JSON.stringify(shells),
    ];
    const { status, stderr } = spawnSync(
      SYSTEM.unshare,
      [...NAMESPACES, 'sh', '-c', MACHINE, 'sh', process.execPath, ...node],
      {
        env: { ...process.env, TMP: scratch },
      },
    );
    expect([status, stderr.toString()]).toEqual([0, expect.anything()]);
  }, 120_000);

  const outputs = [['node'], ...shells.map(([name = '']) => [name])];

  it.each(outputs)('%s: loads without damage', async (name) => {
    const snapshot = await load(join(place, name ?? ''));
    expect(
      snapshot.coverage.filter(({ status }) => status === 'damaged' || status === 'unknown-file'),
    ).toEqual([]);
    expect(snapshot.nodes.map((node) => node.name)).toEqual(['n1']);
    expect([...(snapshot.nodes[0]?.namespaces.keys() ?? [])]).toEqual(['blue_web-1']);
  });

  it.each(outputs)('%s: holds no secret', async (name) => {
    for (const { path, text } of await filesOf(join(place, name ?? ''))) {
      expect([path, text.includes(SECRET)]).toEqual([path, false]);
    }
  });

  it.each(shells.map(([name = '']) => name))('%s: the same files and statuses', (name) => {
    const ofNode = outcomes('node');
    expect(outcomes(name)).toEqual(ofNode);
    expect(ofNode.length).toBeGreaterThan(60);
  });

  it.each(shells.map(([name = '']) => name))('%s: the same configuration', async (name) => {
    const sameEverywhere =
      /cni-|-config|kubelet|networkmanager|systemd-networkd|proxy-mode|iptables-path|os-release/;
    const pick = async (of: string) => {
      const files = await filesOf(join(place, of));
      return files
        .filter(({ path }) => sameEverywhere.test(path))
        .map(({ path, text }) => `${path}\n${text}`);
    };
    const ofNode = await pick('node');
    expect(await pick(name)).toEqual(ofNode);
    expect(ofNode.length).toBeGreaterThan(10);
  });

  it('finds what the node was told', async () => {
    const read = (path: string): string => readFileSync(join(place, 'node/nodes/n1', path), 'utf8');
    expect(read('kube-proxy-mode.txt')).toBe('ipvs');
    expect(read('kubelet-config.yaml')).toContain('10.96.0.10');
    expect(read('containerd-config.toml')).toContain(
      'username = "u"\n  password = "<redacted:auth>"\n  blob = "<redacted:auth>"\n',
    );
    expect(read('kubelet-flags.txt').split('\n').slice(2)).toEqual([
      '--config=/var/lib/kubelet/own.yaml',
      '--bootstrap-token',
      '<redacted:token>',
      '--cni-bin-dir=/opt/b,/opt/c',
      "'--node-labels=a=it'\\''s'",
      '--v=2',
      '',
    ]);
    expect(read('cni-bin.txt').match(/^(\/.*:$|ls: .*)/gm)).toEqual([
      "ls: cannot access '/opt/own/bin': No such file or directory",
      "ls: cannot access '/usr/lib/cni': No such file or directory",
      '/etc/containerd:',
      "ls: cannot access '/opt/b': No such file or directory",
      "ls: cannot access '/opt/c': No such file or directory",
      "ls: cannot access '/opt/cni/bin': No such file or directory",
    ]);
    expect(await readdir(join(place, 'node/nodes/n1/cni-conf'))).toEqual([
      '10-calico.conflist',
      '99-empty.conf',
    ]);
    expect(await readdir(join(place, 'node/nodes/n1/netns/blue_web-1/ethtool-features'))).toEqual([
      'lo.txt',
      'v1.txt',
    ]);
  });

  function outcomes(name: string): readonly string[] {
    const manifest: Manifest = JSON.parse(readFileSync(join(place, name, 'manifest.json'), 'utf8'));
    const lines = manifest.entries.map(
      ({ path, probe, status, redactions = [] }) =>
        `${path} ${probe} ${status} ${JSON.stringify(redactions)}`,
    );
    return lines.sort();
  }
});

async function filesOf(root: string): Promise<readonly { path: string; text: string }[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    paths.sort().map(async (path) => ({ path: relative(root, path), text: await readFile(path, 'latin1') })),
  );
}

async function load(root: string): Promise<Snapshot> {
  const files = await filesOf(root);
  return loadSnapshot(
    files.map(({ path, text }): SnapshotFile => ({ path, chunks: [Buffer.from(text, 'latin1')] })),
  );
}
