import type { PodPlan } from '../cluster/plan.ts';
import { type Command, ip, sysctl } from '../netns/command.ts';

/** Gateway of every pod; no interface has it, the node answers for it by proxy ARP. */
export const GATEWAY = '169.254.1.1';
/** Link-local address that the node's end of the veth makes from its MAC. */
const GATEWAY6 = 'fe80::ecee:eeff:feee:eeee';

/** Joins a pod the way Calico does: an address of its own, and a route to it on the node. */
export function attachRoutedPod(pod: PodPlan, mtu: number, ipv6: boolean): readonly Command[] {
  const { hostInterface: host, node, netns, mac, address, address6 } = pod;
  return [
    ip(
      node.netns,
      `link add ${host} address ee:ee:ee:ee:ee:ee mtu ${mtu} type veth peer name eth0 address ${mac} mtu ${mtu} netns ${netns}`,
    ),
    sysctl(node.netns, {
      [`net/ipv4/conf/${host}/proxy_arp`]: 1,
      [`net/ipv4/conf/${host}/forwarding`]: 1,
      [`net/ipv4/conf/${host}/route_localnet`]: 1,
      [`net/ipv4/neigh/${host}/proxy_delay`]: 0,
      [`net/ipv6/conf/${host}/proxy_ndp`]: 1,
      [`net/ipv6/conf/${host}/forwarding`]: 1,
    }),
    ip(
      node.netns,
      `link set ${host} up`,
      `route add ${address}/32 dev ${host} scope link`,
      ...(ipv6 ? [`route add ${address6}/128 dev ${host} metric 1024`] : []),
    ),
    ip(
      netns,
      'link set lo up',
      'link set eth0 up',
      `addr add ${address}/32 dev eth0`,
      `route add ${GATEWAY} dev eth0 scope link`,
      `route add default via ${GATEWAY} dev eth0`,
      ...(ipv6
        ? [
            `addr add ${address6}/128 dev eth0 nodad`,
            `route add ${GATEWAY6} dev eth0`,
            `route add ::/0 via ${GATEWAY6} dev eth0 metric 1024`,
          ]
        : []),
    ),
  ];
}
