import { describe, expect, it } from 'vitest';
import { formatFact } from '../../fact.ts';
import { factById } from '../../registry.ts';
import { loadSnapshot } from '../../snapshot/load.ts';
import { ClusterSubject } from '../../subjects.ts';

type Files = Readonly<Record<string, unknown>>;

const encoder = new TextEncoder();

/** The fact of the first node as people read it. */
async function shown(files: Files, id: string, of = ''): Promise<string> {
  const snapshot = await loadSnapshot(
    Object.entries({ 'nodes/n1/os-release.txt': 'ID=debian', ...files }).map(([path, content]) => ({
      path,
      chunks: [encoder.encode(typeof content === 'string' ? content : JSON.stringify(content))],
    })),
  );
  const [node] = new ClusterSubject(snapshot, { now: '2026-11-20T12:00:00Z' }).nodes;
  const definition = factById(id);
  if (definition === undefined || node === undefined) throw new Error(`no fact ${id}`);
  const fact = node.fact(definition, of);
  if (fact.state === 'unknown') return 'unknown';
  return `${formatFact(definition, fact.value)}${fact.uncertain === undefined ? '' : ' (uncertain)'}`;
}

const FELIX = 'cluster/felixconfigurations.crd.projectcalico.org.json';
const POOLS = 'cluster/ippools.crd.projectcalico.org.json';

function items(...list: readonly object[]): object {
  return { items: list };
}

function felix(name: string, spec: object): object {
  return { metadata: { name }, spec };
}

function calico(version: string, env: readonly object[] = []): Files {
  const container = { name: 'calico-node', image: `quay.io/calico/node:${version}`, env };
  const template = { spec: { containers: [container] } };
  return {
    'cluster/daemonsets.apps.json': items({
      metadata: { name: 'calico-node', namespace: 'kube-system' },
      spec: { template },
    }),
  };
}

describe('Felix settings', () => {
  const both = items(
    felix('default', { iptablesBackend: 'Legacy' }),
    felix('node.n1', { iptablesBackend: 'NFT' }),
  );

  it.each<[string, Files, string]>([
    [
      'the environment first',
      { ...calico('v3.26.1', [{ name: 'FELIX_IPTABLESBACKEND', value: 'auto' }]), [FELIX]: both },
      'auto',
    ],
    [
      'names of variables in any case',
      { ...calico('v3.26.1', [{ name: 'Felix_IptablesBackend', value: 'nft' }]), [FELIX]: both },
      'nft',
    ],
    [
      'an empty variable counts as not set',
      { ...calico('v3.26.1', [{ name: 'FELIX_IPTABLESBACKEND', value: '' }]), [FELIX]: both },
      'NFT',
    ],
    ["the node's own configuration before the default one", { ...calico('v3.26.1'), [FELIX]: both }, 'NFT'],
    [
      'the configuration of another node not at all',
      { ...calico('v3.26.1'), [FELIX]: items(felix('node.n2', { iptablesBackend: 'NFT' })) },
      'not set',
    ],
    ['nothing set', { ...calico('v3.26.1'), [FELIX]: items() }, 'not set'],
    ['configurations not collected', calico('v3.26.1'), 'unknown'],
    ['environment not collected, field set', { [FELIX]: both }, 'NFT (uncertain)'],
    ['environment not collected, field not set', { [FELIX]: items(felix('default', {})) }, 'unknown'],
    [
      'a variable from a map that was not collected',
      {
        ...calico('v3.26.1', [
          { name: 'FELIX_IPTABLESBACKEND', valueFrom: { configMapKeyRef: { name: 'c', key: 'k' } } },
        ]),
        [FELIX]: both,
      },
      'unknown',
    ],
  ])('%s', async (_name, files, wanted) => {
    expect(await shown(files, 'calico.felix', 'iptablesBackend')).toBe(wanted);
  });

  it('takes the running pod before the DaemonSet', async () => {
    const env = [{ name: 'FELIX_IPTABLESBACKEND', value: 'Legacy' }];
    const pod = {
      metadata: { name: 'calico-node-abcde', namespace: 'kube-system' },
      spec: { nodeName: 'n1', containers: [{ name: 'calico-node', image: 'calico/node:v3.26.1', env }] },
    };
    const files = { ...calico('v3.26.1'), 'cluster/pods.json': items(pod), [FELIX]: items() };
    expect(await shown(files, 'calico.felix', 'iptablesBackend')).toBe('Legacy');
  });

  it('lists the configurations of the API server of Calico as well', async () => {
    const files = {
      ...calico('v3.31.0'),
      'cluster/felixconfigurations.projectcalico.org.json': items(felix('default', { vxlanPort: 8472 })),
    };
    expect(await shown(files, 'calico.felix', 'vxlanPort')).toBe('8472');
  });
});

describe('what Felix does with offload', () => {
  const OLD = '5.6.19';
  const EXACT = '5.7.0';
  const NEW = '5.7.0-2-amd64';
  it.each<[string, string, string]>([
    ['v3.19.1', OLD, 'left-on'],
    ['v3.19.2', OLD, 'switched-off'],
    ['v3.19.2', EXACT, 'left-on'],
    ['v3.24.5', EXACT, 'left-on'],
    ['v3.24.6', NEW, 'switched-off'],
    ['v3.25.0', NEW, 'switched-off'],
    ['v3.27.5', NEW, 'switched-off'],
    ['v3.28.0', EXACT, 'switched-off'],
    ['v3.28.0', NEW, 'left-on'],
    ['v3.28.1', NEW, 'switched-off'],
    ['v3.28.2', EXACT, 'switched-off'],
    ['v3.28.2', NEW, 'left-on'],
    ['v3.29.0', NEW, 'left-on'],
    ['v3.28', NEW, 'unknown'],
    ['v3.24.5-eks-1', NEW, 'left-on (uncertain)'],
  ])('%s on %s', async (version, kernel, wanted) => {
    const files = { ...calico(version), 'nodes/n1/uname.txt': kernel };
    expect(await shown(files, 'calico.felix-offload', 'vxlan.calico')).toBe(wanted);
  });

  it.each([
    ['v3.28.5', 'left-on'],
    ['v3.29.0', 'switched-off'],
  ])('tunl0 in %s on an old kernel', async (version, wanted) => {
    const files = { ...calico(version), 'nodes/n1/uname.txt': '4.18.0-513.el8.x86_64' };
    expect(await shown(files, 'calico.felix-offload', 'tunl0')).toBe(wanted);
  });

  it('needs no kernel where the release decides alone', async () => {
    expect(await shown(calico('v3.26.1'), 'calico.felix-offload', 'vxlan.calico')).toBe('switched-off');
    expect(await shown(calico('v3.24.1'), 'calico.felix-offload', 'vxlan.calico')).toBe('unknown');
  });

  it.each([
    ['ChecksumOffloadBroken=true', 'true'],
    ['SNATFullyRandom=true, ChecksumOffloadBroken=false', 'false'],
    ['SNATFullyRandom=true', 'not set'],
  ])('override %s', async (text, wanted) => {
    const files = { ...calico('v3.28.2'), [FELIX]: items(felix('default', { featureDetectOverride: text })) };
    expect(await shown(files, 'calico.checksum-override')).toBe(wanted);
  });
});

describe('encapsulation', () => {
  const pool = (spec: object) => ({ metadata: { name: 'p' }, spec: { cidr: '10.244.0.0/16', ...spec } });
  const at = (name: string, address: string) => ({
    metadata: { name, annotations: { 'projectcalico.org/IPv4Address': address } },
  });
  const crossing = { [POOLS]: items(pool({ vxlanMode: 'CrossSubnet' })) };

  it.each<[string, Files, string]>([
    ['always', { [POOLS]: items(pool({ vxlanMode: 'Always', ipipMode: 'Never' })) }, 'vxlan'],
    ['IPIP', { [POOLS]: items(pool({ ipipMode: 'Always' })) }, 'ipip'],
    ['no mode at all', { [POOLS]: items(pool({})) }, 'none'],
    [
      'the API server of Calico',
      { 'cluster/ippools.projectcalico.org.json': items(pool({ vxlanMode: 'Always' })) },
      'vxlan',
    ],
    ['an IPv6 pool says nothing', { [POOLS]: items(pool({ cidr: 'fd00::/48', vxlanMode: 'Always' })) }, ''],
    [
      'a pool for tunnels only',
      { [POOLS]: items(pool({ vxlanMode: 'Always', allowedUses: ['Tunnel'] })) },
      '',
    ],
    [
      'a disabled pool, blocks not collected',
      { [POOLS]: items(pool({ vxlanMode: 'Always', disabled: true })) },
      'unknown',
    ],
    [
      'a disabled pool that still has a block',
      {
        [POOLS]: items(pool({ vxlanMode: 'Always', disabled: true })),
        'cluster/ipamblocks.crd.projectcalico.org.json': items({
          metadata: { name: 'b' },
          spec: { cidr: '10.244.3.0/26' },
        }),
      },
      'vxlan',
    ],
    [
      'a disabled pool without blocks',
      {
        [POOLS]: items(pool({ vxlanMode: 'Always', disabled: true })),
        'cluster/ipamblocks.crd.projectcalico.org.json': items(),
      },
      '',
    ],
    ['CrossSubnet, nodes not collected', crossing, 'unknown'],
    [
      'CrossSubnet, all nodes beside',
      { ...crossing, 'cluster/nodes.json': items(at('n1', '10.0.0.1/24'), at('n2', '10.0.0.2/24')) },
      'none',
    ],
    [
      'CrossSubnet, one node beside and one elsewhere',
      {
        ...crossing,
        'cluster/nodes.json': items(
          at('n1', '10.0.0.1/24'),
          at('n2', '10.0.0.2/24'),
          at('n3', '10.0.9.2/24'),
        ),
      },
      'none, vxlan',
    ],
    [
      'CrossSubnet, the mask of the node itself counts',
      { ...crossing, 'cluster/nodes.json': items(at('n1', '10.0.0.1/32'), at('n2', '10.0.0.2/24')) },
      'vxlan',
    ],
    [
      'CrossSubnet, a node without an address',
      { ...crossing, 'cluster/nodes.json': items(at('n1', '10.0.0.1/24'), { metadata: { name: 'n2' } }) },
      'unknown',
    ],
    [
      'pools not collected, a route in the tunnel',
      { 'nodes/n1/ip-route.txt': '10.244.1.0/26 via 10.244.1.0 dev vxlan.calico onlink\n' },
      'vxlan',
    ],
    [
      'pools not collected, the manifest asks for it',
      calico('v3.26.1', [
        { name: 'CALICO_IPV4POOL_VXLAN', value: 'Always' },
        { name: 'CALICO_IPV4POOL_IPIP', value: 'Never' },
      ]),
      'vxlan',
    ],
    [
      'pools win over the manifest',
      {
        ...calico('v3.26.1', [{ name: 'CALICO_IPV4POOL_IPIP', value: 'Always' }]),
        [POOLS]: items(pool({ vxlanMode: 'Always' })),
      },
      'vxlan',
    ],
    [
      'pools not collected, the Installation asks for it',
      {
        'cluster/installations.operator.tigera.io.json': items({
          metadata: { name: 'default' },
          spec: { calicoNetwork: { ipPools: [{ cidr: '192.168.0.0/16', encapsulation: 'VXLAN' }] } },
        }),
      },
      'vxlan',
    ],
    ['nothing collected', {}, 'unknown'],
  ])('%s', async (_name, files, wanted) => {
    expect(await shown(files, 'calico.encapsulation')).toBe(wanted);
  });
});

describe('NAT of the outer packet', () => {
  const rules = (...lines: readonly string[]) => ({
    'nodes/n1/iptables-nft-save.txt': `${lines.join('\n')}\n`,
  });
  const jumps = (first: string, second: string) => [
    '*nat',
    ':POSTROUTING ACCEPT [0:0]',
    ':KUBE-POSTROUTING - [0:0]',
    ':cali-POSTROUTING - [0:0]',
    `-A POSTROUTING -j ${first}`,
    `-A POSTROUTING -j ${second}`,
  ];
  const clearing = [
    '-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN',
    '-A KUBE-POSTROUTING -j MARK --xor-mark 0x4000',
    '-A KUBE-POSTROUTING -j MASQUERADE --random-fully',
    'COMMIT',
  ];
  const keeping = ['-A KUBE-POSTROUTING -m mark --mark 0x4000/0x4000 -j MASQUERADE', 'COMMIT'];

  it.each<[string, Files, string]>([
    ['Calico first', rules(...jumps('cali-POSTROUTING', 'KUBE-POSTROUTING'), ...clearing), 'true'],
    [
      'kube-proxy first and clearing',
      rules(...jumps('KUBE-POSTROUTING', 'cali-POSTROUTING'), ...clearing),
      'false',
    ],
    [
      'kube-proxy first and not clearing',
      rules(...jumps('KUBE-POSTROUTING', 'cali-POSTROUTING'), ...keeping),
      'true',
    ],
    [
      'rules before the release',
      { ...calico('v3.26.1'), ...rules(...jumps('KUBE-POSTROUTING', 'cali-POSTROUTING'), ...clearing) },
      'false',
    ],
    [
      'not tracked',
      rules(
        '*raw',
        ':cali-OUTPUT - [0:0]',
        '-A cali-OUTPUT -p udp -m udp --dport 4789 -j CT --notrack',
        'COMMIT',
      ),
      'false',
    ],
    [
      'another port is not tracked',
      rules(
        '*raw',
        ':cali-OUTPUT - [0:0]',
        '-A cali-OUTPUT -p udp -m udp --dport 47890 -j NOTRACK',
        'COMMIT',
      ),
      'unknown',
    ],
    ['by release, before the order changed', calico('v3.28.1'), 'true'],
    ['by release, after it', calico('v3.28.2'), 'false'],
    ['by release, not tracked', calico('v3.29.0'), 'false'],
    ['nothing known', {}, 'unknown'],
  ])('%s', async (_name, files, wanted) => {
    expect(await shown(files, 'calico.outer-nat')).toBe(wanted);
  });
});
