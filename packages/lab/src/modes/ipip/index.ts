import { ip } from '../../netns/command.ts';
import type { ModeDefinition } from '../mode.ts';
import { attachRoutedPod } from '../routed-pod.ts';

const TUNNEL = 'tunl0';
const MTU = 1480;

/** Calico with `ipipMode: Always`, its routes as BIRD writes them. */
export const ipip: ModeDefinition = {
  id: 'ipip',
  title: 'Calico, IP in IP between all nodes',
  features: ['ipip'],
  podMtu: MTU,
  isCalico: true,
  tunnel: { device: TUNNEL, kind: 'ipip' },
  attachPod: (pod) => attachRoutedPod(pod, MTU, false),
  connectNode(node, cluster) {
    const peers = cluster.nodes.filter((other) => other !== node);
    return [
      ip(
        node.netns,
        // Making any other device of this kind brings tunl0 along, which has no ends of its own (net/ipv4/ipip.c, `ipip_init_net`).
        'link add netvet-ipip type ipip local 127.0.0.1',
        'link del netvet-ipip',
        `link set ${TUNNEL} mtu ${MTU} up`,
        `addr add ${node.inner}/32 dev ${TUNNEL}`,
        `route add blackhole ${node.block} proto bird`,
        ...peers.map(
          ({ block, address }) => `route add ${block} via ${address} dev ${TUNNEL} proto bird onlink`,
        ),
      ),
    ];
  },
};
