import { ip } from '../../netns/command.ts';
import type { ModeDefinition } from '../mode.ts';
import { attachRoutedPod } from '../routed-pod.ts';
import { VXLAN, VXLAN_MTU, vxlanDevice } from '../vxlan/device.ts';

/** Calico with `vxlanMode: CrossSubnet`: packets to nodes of the own subnet travel as they are. */
export const crossSubnet: ModeDefinition = {
  id: 'cross-subnet',
  title: 'Calico, VXLAN only between subnets',
  features: ['vxlan'],
  podMtu: VXLAN_MTU,
  isCalico: true,
  tunnel: { device: VXLAN, kind: 'vxlan' },
  attachPod: (pod) => attachRoutedPod(pod, VXLAN_MTU, false),
  connectNode(node, cluster) {
    const peers = cluster.nodes.filter((other) => other !== node);
    return [
      ...vxlanDevice(node, cluster),
      ip(
        node.netns,
        ...peers.map(({ block, inner, address, subnet }) =>
          subnet === node.subnet
            ? `route add ${block} via ${address} dev eth0 proto 80 onlink`
            : `route add ${block} via ${inner} dev ${VXLAN} onlink`,
        ),
      ),
    ];
  },
};
