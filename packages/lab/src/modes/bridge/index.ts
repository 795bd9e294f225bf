import type { PodPlan } from '../../cluster/plan.ts';
import { type Command, ip, sysctl } from '../../netns/command.ts';
import type { ModeDefinition } from '../mode.ts';

const BRIDGE = 'cni0';
const MTU = 1500;

/** The `bridge` plugin of the CNI project with `host-local` addresses, `isDefaultGateway`, `hairpinMode` and `ipMasq`. */
export const bridgeMode: ModeDefinition = {
  id: 'bridge',
  title: 'bridge plugin of the CNI project',
  features: ['bridge-nf'],
  podMtu: MTU,
  isCalico: false,
  attachPod: (pod, { options }) => attach(pod, options.ipv6),
  connectNode(node, { nodes, options }) {
    const peers = nodes.filter((other) => other !== node);
    return [
      // kube-proxy cannot translate answers between pods of one bridge otherwise.
      sysctl(node.netns, {
        'net/bridge/bridge-nf-call-iptables': 1,
        'net/bridge/bridge-nf-call-ip6tables': 1,
      }),
      ip(
        node.netns,
        `link add ${BRIDGE} address 0e:00:00:00:00:0${node.number} type bridge stp_state 0 forward_delay 0 mcast_snooping 0`,
        `addr add ${node.inner}/24 dev ${BRIDGE}`,
        ...(options.ipv6 ? [`addr add ${node.inner6}/64 dev ${BRIDGE} nodad`] : []),
        `link set ${BRIDGE} up`,
        ...peers.map(({ block, address }) => `route add ${block} via ${address} dev eth0`),
        ...(options.ipv6
          ? peers.map(({ block6, address6 }) => `route add ${block6} via ${address6} dev eth0`)
          : []),
      ),
    ];
  },
};

function attach(
  { node, netns, hostInterface, mac, address, address6 }: PodPlan,
  ipv6: boolean,
): readonly Command[] {
  return [
    ip(
      node.netns,
      `link add ${hostInterface} mtu ${MTU} type veth peer name eth0 address ${mac} mtu ${MTU} netns ${netns}`,
      `link set ${hostInterface} master ${BRIDGE} up`,
      `link set ${hostInterface} type bridge_slave hairpin on`,
    ),
    ip(
      netns,
      'link set lo up',
      'link set eth0 up',
      `addr add ${address}/24 dev eth0`,
      `route add default via ${node.inner} dev eth0`,
      ...(ipv6
        ? [`addr add ${address6}/64 dev eth0 nodad`, `route add ::/0 via ${node.inner6} dev eth0`]
        : []),
    ),
  ];
}
