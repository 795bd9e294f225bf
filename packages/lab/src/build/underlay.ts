import type { Cluster, NodePlan } from '../cluster/plan.ts';
import { OUTSIDE } from '../cluster/plan.ts';
import { type Command, inside, ip, sysctl } from '../netns/command.ts';
import { COMMON_SETTINGS, FORWARDING } from './settings.ts';

/** Makes an empty network namespace. */
export function newNamespace(netns: string): Command {
  return { run: ['ip', 'netns', 'add', netns] };
}

/** The switch, one bridge for each subnet, and the router that joins the subnets with the outside. */
export function buildUnderlay({ switch: hub, router, nodes }: Cluster): readonly Command[] {
  const subnets = ['a', 'b'].filter((letter) => nodes.some(({ subnet }) => subnet === letter));
  return [
    newNamespace(hub),
    newNamespace(router),
    sysctl(hub, COMMON_SETTINGS),
    sysctl(router, { ...COMMON_SETTINGS, ...FORWARDING }),
    // A switch does not look into packets, and knows nothing of connections.
    inside(hub, [
      'sh',
      '-c',
      'sysctl -q -w net/bridge/bridge-nf-call-iptables=0 net/bridge/bridge-nf-call-ip6tables=0 || true',
    ]),
    ip(
      router,
      'link set lo up',
      `addr add ${OUTSIDE.address}/32 dev lo`,
      `addr add ${OUTSIDE.address6}/128 dev lo`,
    ),
    ...subnets.flatMap((letter) => buildSubnet(hub, router, letter)),
  ];
}

function buildSubnet(hub: string, router: string, letter: string): readonly Command[] {
  const network = letter === 'a' ? 1 : 2;
  return [
    ip(
      hub,
      // Without the spanning tree protocol a port forwards at once.
      `link add br-${letter} type bridge stp_state 0 forward_delay 0 mcast_snooping 0`,
      `link set br-${letter} up`,
      `link add router-${letter} type veth peer name eth-${letter} address 02:00:00:00:00:0${network} netns ${router}`,
      `link set router-${letter} master br-${letter} up`,
    ),
    ip(
      router,
      `addr add 172.30.${network}.1/24 dev eth-${letter}`,
      `addr add fd00:30:${network}::1/64 dev eth-${letter} nodad`,
      `link set eth-${letter} up`,
    ),
  ];
}

/** A node with its cable to the switch, its address and its default route. */
export function buildNode({ switch: hub }: Cluster, node: NodePlan): readonly Command[] {
  const network = node.subnet === 'a' ? 1 : 2;
  return [
    newNamespace(node.netns),
    sysctl(node.netns, { ...COMMON_SETTINGS, ...FORWARDING }),
    ip(hub, `link add ${node.name} type veth peer name eth0 address ${node.mac} netns ${node.netns}`),
    ip(hub, `link set ${node.name} master br-${node.subnet} up`),
    ip(
      node.netns,
      'link set lo up',
      `addr add ${node.address}/24 dev eth0`,
      `addr add ${node.address6}/64 dev eth0 nodad`,
      'link set eth0 up',
      `route add default via 172.30.${network}.1 dev eth0`,
      `route add ::/0 via fd00:30:${network}::1 dev eth0`,
    ),
  ];
}
