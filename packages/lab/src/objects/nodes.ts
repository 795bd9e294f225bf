import type { Cluster, NodePlan } from '../cluster/plan.ts';
import { modeById } from '../modes/index.ts';
import { condition, meta } from './meta.ts';

export const KUBERNETES = 'v1.33.4';

/** The Node objects of a lab. */
export function nodeObjects(cluster: Cluster): readonly object[] {
  return cluster.nodes.map((node) => ({
    metadata: meta('node', undefined, node.name, {
      labels: { 'kubernetes.io/hostname': node.name, 'kubernetes.io/os': 'linux' },
      annotations: annotations(cluster, node),
    }),
    spec:
      cluster.options.mode === 'bridge' ? { podCIDR: node.block, podCIDRs: podNetworks(cluster, node) } : {},
    status: {
      addresses: [
        { type: 'InternalIP', address: node.announced },
        ...(cluster.options.ipv6 ? [{ type: 'InternalIP', address: node.address6 }] : []),
        { type: 'Hostname', address: node.name },
      ],
      conditions: [condition('Ready', true), condition('NetworkUnavailable', false)],
      nodeInfo: {
        kubeletVersion: KUBERNETES,
        kubeProxyVersion: KUBERNETES,
        operatingSystem: 'linux',
        architecture: 'amd64',
        containerRuntimeVersion: 'containerd://2.1.4',
      },
    },
  }));
}

function podNetworks({ options }: Cluster, { block, block6 }: NodePlan): readonly string[] {
  return options.ipv6 ? [block, block6] : [block];
}

function annotations({ options }: Cluster, node: NodePlan): Readonly<Record<string, string>> {
  const { isCalico, tunnel } = modeById(options.mode);
  if (!isCalico) return {};
  return {
    'projectcalico.org/IPv4Address': `${node.announced}/24`,
    ...(tunnel?.kind === 'vxlan' ? { 'projectcalico.org/IPv4VXLANTunnelAddr': node.inner } : {}),
    ...(tunnel?.kind === 'ipip' ? { 'projectcalico.org/IPv4IPIPTunnelAddr': node.inner } : {}),
    ...(options.ipv6 ? { 'projectcalico.org/IPv6Address': `${node.address6}/64` } : {}),
  };
}
