import { ip } from '../../netns/command.ts';
import type { ModeDefinition } from '../mode.ts';
import { attachRoutedPod } from '../routed-pod.ts';

const MTU = 1500;

/** Calico without encapsulation: BGP routes between nodes of one subnet. */
export const routed: ModeDefinition = {
  id: 'routed',
  title: 'Calico, BGP without encapsulation',
  features: [],
  podMtu: MTU,
  isCalico: true,
  attachPod: (pod, { options }) => attachRoutedPod(pod, MTU, options.ipv6),
  connectNode(node, { nodes, options }) {
    const peers = nodes.filter((other) => other !== node);
    return [
      ip(
        node.netns,
        `route add blackhole ${node.block} proto bird`,
        ...peers.map(({ block, address }) => `route add ${block} via ${address} dev eth0 proto bird`),
        ...(options.ipv6 ? [`route add blackhole ${node.block6} proto bird`] : []),
        ...(options.ipv6
          ? peers.map(({ block6, address6 }) => `route add ${block6} via ${address6} dev eth0 proto bird`)
          : []),
      ),
    ];
  },
};
