import { ip } from '../../netns/command.ts';
import type { ModeDefinition } from '../mode.ts';
import { attachRoutedPod } from '../routed-pod.ts';
import { VXLAN, VXLAN_MTU, vxlanDevice } from './device.ts';

/** Calico with `vxlanMode: Always`. */
export const vxlan: ModeDefinition = {
  id: 'vxlan',
  title: 'Calico, VXLAN between all nodes',
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
        ...peers.map(({ block, inner }) => `route add ${block} via ${inner} dev ${VXLAN} onlink`),
      ),
    ];
  },
};
