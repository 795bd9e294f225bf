import type { Cluster, NodePlan } from '../../cluster/plan.ts';
import { bridge, type Command, ip } from '../../netns/command.ts';

export const VXLAN = 'vxlan.calico';
export const VXLAN_MTU = 1450;

/** Felix's VXLAN device of a node, with a permanent neighbour and a forwarding entry for each of the others. */
export function vxlanDevice(node: NodePlan, { nodes }: Cluster): readonly Command[] {
  const peers = nodes.filter((other) => other !== node);
  return [
    ip(
      node.netns,
      `link add ${VXLAN} address ${node.tunnelMac} mtu ${VXLAN_MTU} type vxlan id 4096 dstport 4789 local ${node.address} dev eth0 nolearning`,
      `addr add ${node.inner}/32 dev ${VXLAN}`,
      `link set ${VXLAN} up`,
      ...peers.map((peer) => `neigh add ${peer.inner} lladdr ${peer.tunnelMac} dev ${VXLAN} nud permanent`),
    ),
    bridge(node.netns, ...peers.map((peer) => `fdb add ${peer.tunnelMac} dev ${VXLAN} dst ${peer.address}`)),
    ip(node.netns, `route add blackhole ${node.block} proto 80`),
  ];
}
