import { type Cluster, NETWORKS } from '../cluster/plan.ts';
import { modeById } from '../modes/index.ts';
import { list, meta } from './meta.ts';

const API = 'crd.projectcalico.org/v1';

/** The objects of Calico in a lab, by the names of their files; none where it is not installed. */
export function calicoObjects(cluster: Cluster): Readonly<Record<string, string>> {
  const { mode, ipv6, proxy } = cluster.options;
  if (!modeById(mode).isCalico) return {};
  const backend = proxy === 'iptables-legacy' ? 'Legacy' : 'NFT';
  return {
    'ippools.crd.projectcalico.org.json': list(API, 'IPPool', [
      pool(cluster, 'default-ipv4-ippool', NETWORKS.pods, 26),
      ...(ipv6 ? [pool(cluster, 'default-ipv6-ippool', NETWORKS.pods6, 122)] : []),
    ]),
    'felixconfigurations.crd.projectcalico.org.json': list(API, 'FelixConfiguration', [
      {
        metadata: meta('felixconfiguration', undefined, 'default'),
        spec: { bpfEnabled: false, iptablesBackend: backend, defaultEndpointToHostAction: 'Accept' },
      },
    ]),
    'blockaffinities.crd.projectcalico.org.json': list(
      API,
      'BlockAffinity',
      cluster.nodes.flatMap((node) =>
        (ipv6 ? [node.block, node.block6] : [node.block]).map((cidr) => ({
          metadata: meta('blockaffinity', undefined, `${node.name}-${cidr.replace(/[.:/]+/g, '-')}`),
          spec: { cidr, node: node.name, state: 'confirmed', deleted: 'false', type: 'host' },
        })),
      ),
    ),
    'globalnetworkpolicies.crd.projectcalico.org.json': list(API, 'GlobalNetworkPolicy', []),
    'networkpolicies.crd.projectcalico.org.json': list(API, 'NetworkPolicy', []),
  };
}

function pool({ options: { mode } }: Cluster, name: string, cidr: string, blockSize: number): object {
  const vxlanMode = mode === 'vxlan' ? 'Always' : mode === 'cross-subnet' ? 'CrossSubnet' : 'Never';
  return {
    metadata: meta('ippool', undefined, name),
    spec: {
      cidr,
      blockSize,
      vxlanMode,
      ipipMode: mode === 'ipip' ? 'Always' : 'Never',
      natOutgoing: true,
      disabled: false,
      nodeSelector: 'all()',
      allowedUses: ['Workload', 'Tunnel'],
    },
  };
}
