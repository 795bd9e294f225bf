import { describe, expect, it } from 'vitest';
import { formatFact } from '../../fact.ts';
import { factById } from '../../registry.ts';
import { loadSnapshot } from '../../snapshot/load.ts';
import { ClusterSubject } from '../../subjects.ts';

type Files = Readonly<Record<string, unknown>>;

const encoder = new TextEncoder();

async function shown(files: Files, id: string): Promise<string> {
  const snapshot = await loadSnapshot(
    Object.entries({ 'nodes/n1/os-release.txt': 'ID=debian', ...files }).map(([path, content]) => ({
      path,
      chunks: [encoder.encode(typeof content === 'string' ? content : JSON.stringify(content))],
    })),
  );
  const [node] = new ClusterSubject(snapshot, { now: '2026-11-20T12:00:00Z' }).nodes;
  const definition = factById(id);
  if (definition === undefined || node === undefined) throw new Error(`no fact ${id}`);
  const fact = definition.level === 'cluster' ? node.cluster.fact(definition, '') : node.fact(definition, '');
  if (fact.state === 'unknown') return 'unknown';
  return `${formatFact(definition, fact.value)}${fact.uncertain === undefined ? '' : ' (uncertain)'}`;
}

function node(kubeletVersion: string, containerRuntimeVersion: string): Files {
  const nodeInfo = { kubeletVersion, containerRuntimeVersion };
  return { 'cluster/nodes.json': { items: [{ metadata: { name: 'n1' }, status: { nodeInfo } }] } };
}

const DEFAULTS = 'plugins in /opt/cni/bin; configuration in /etc/cni/net.d';

describe('directories of the runtime', () => {
  it.each<[string, Files, string]>([
    ['containerd says nothing about CNI', { 'nodes/n1/containerd-config.toml': 'version = 2\n' }, DEFAULTS],
    [
      'containerd imports other files',
      { 'nodes/n1/containerd-config.toml': 'imports = ["/etc/containerd/conf.d/*.toml"]\nversion = 2\n' },
      `${DEFAULTS} (uncertain)`,
    ],
    [
      'the dump of containerd names itself among its imports',
      { 'nodes/n1/containerd-config.toml': 'imports = ["/etc/containerd/config.toml"]\nversion = 2\n' },
      DEFAULTS,
    ],
    [
      'a damaged configuration',
      { 'nodes/n1/containerd-config.toml': 'version = 2\n[plugins.cri.cni]\nbin_dir = /x\n' },
      'unknown',
    ],
    [
      'CRI-O with several directories',
      {
        ...node('v1.28.4', 'cri-o://1.28.1'),
        'nodes/n1/crio-config.toml': '[crio.network]\nplugin_dirs = ["/opt/cni/bin/", "/usr/libexec/cni"]\n',
      },
      'plugins in /opt/cni/bin, /usr/libexec/cni; configuration in /etc/cni/net.d',
    ],
    [
      'CRI-O that names none',
      { ...node('v1.28.4', 'cri-o://1.28.1'), 'nodes/n1/crio-config.toml': '[crio.network]\n' },
      `${DEFAULTS} (uncertain)`,
    ],
    [
      'the configuration of another runtime does not count',
      { ...node('v1.28.4', 'cri-o://1.28.1'), 'nodes/n1/containerd-config.toml': 'version = 2\n' },
      'unknown',
    ],
    [
      'Docker before 1.24 follows the kubelet',
      {
        ...node('v1.23.17', 'docker://20.10.21'),
        'nodes/n1/kubelet-flags.txt': '--cni-bin-dir=/a,/b --cni-conf-dir=/c',
      },
      'plugins in /a, /b; configuration in /c',
    ],
    [
      'Docker from 1.24 on does not',
      { ...node('v1.24.0', 'docker://20.10.21'), 'nodes/n1/kubelet-flags.txt': '--cni-bin-dir=/a' },
      'unknown',
    ],
    ['nothing collected', {}, 'unknown'],
  ])('%s', async (_name, files, wanted) => {
    expect(await shown(files, 'cni.runtime-directories')).toBe(wanted);
  });
});

describe('directories of installers', () => {
  const daemonSet = (image: string, volumes: unknown) => ({
    'cluster/daemonsets.apps.json': {
      items: [
        {
          metadata: { name: 'ds' },
          spec: { template: { spec: { containers: [{ name: 'c', image }], volumes } } },
        },
      ],
    },
  });
  const volume = (name: string, path: string) => ({ name, hostPath: { path } });

  it.each<[string, Files, string]>([
    [
      'Calico',
      daemonSet('calico/node:v3.26.1', [
        volume('cni-bin-dir', '/opt/cni/bin'),
        volume('cni-net-dir', '/etc/cni/net.d/'),
      ]),
      'ds: /opt/cni/bin, /etc/cni/net.d',
    ],
    [
      'Antrea',
      daemonSet('antrea/antrea-agent-ubuntu:v2.0.0', [
        volume('host-cni-bin', '/opt/cni/bin'),
        volume('host-cni-conf', '/etc/cni/net.d'),
      ]),
      'ds: /opt/cni/bin, /etc/cni/net.d',
    ],
    [
      'Multus',
      daemonSet('ghcr.io/k8snetworkplumbingwg/multus-cni:v4.0.2', [
        volume('cnibin', '/opt/cni/bin'),
        volume('cni', '/etc/cni/net.d'),
      ]),
      'ds: /opt/cni/bin, /etc/cni/net.d',
    ],
    [
      'another program that looks into the directory',
      daemonSet('example/agent:v1', [volume('cni-bin-dir', '/x')]),
      '',
    ],
    ['volumes that are no list', daemonSet('calico/node:v3.26.1', { a: 1 }), ''],
    ['volumes that are null', daemonSet('calico/node:v3.26.1', [null, { name: 3 }]), ''],
    ['nothing collected', {}, 'unknown'],
  ])('%s', async (_name, files, wanted) => {
    expect(await shown(files, 'cni.installers')).toBe(wanted);
  });
});
