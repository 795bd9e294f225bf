import type { Addresses } from './addresses.ts';
import type { Place } from './plan.ts';
import type { Random } from './random.ts';

/** Hardware address of the node's end of a routed pod's link, and the IPv6 address that follows from it, as Calico has them. */
const GATEWAY_MAC = 'ee:ee:ee:ee:ee:ee';
const GATEWAY_V6 = 'fe80::ecee:eeff:feee:eeee';
const GATEWAY_V4 = '169.254.1.1';

export type PodKind = 'routed' | 'bridged' | 'underlay';

/** How nodes reach the pods of each other. */
export type Backbone = 'routes' | 'tunnel' | 'mixed';

/** Two or three nodes with some pods. */
export function randomPlaces(random: Random, addresses: Addresses): { places: Place[]; hasSwitch: boolean } {
  const count = random.chance(0.3) ? 3 : 2;
  const backbone = random.pick<Backbone>(['routes', 'tunnel', 'mixed']);
  const places: Place[] = [];
  for (let index = 1; index <= count; index++) places.push(node(addresses, index));
  const pods: readonly PodKind[][] = [['routed', 'routed', 'bridged', 'bridged'], ['routed'], []];
  for (let index = 1; index <= count; index++) {
    const kinds = [...(pods[index - 1] ?? [])];
    if (random.chance(0.4)) kinds.push(random.pick(['routed', 'bridged', 'underlay']));
    if (index === 2) kinds.push('underlay');
    for (const [at, kind] of kinds.entries()) places.push(pod(random, addresses, kind, index, at));
  }
  for (let from = 1; from <= count; from++) {
    for (let to = 1; to <= count; to++) {
      const isTunnelled = backbone === 'tunnel' || (backbone === 'mixed' && from + to === 3);
      if (from !== to) places[from - 1] = withWay(places, addresses, from, to, isTunnelled);
    }
  }
  return { places, hasSwitch: count > 2 || random.chance(0.3) };
}

/** Settings without which the time or the number of packets would decide what is seen. */
const STEADY = [
  'net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0',
  'net.ipv6.conf.all.forwarding=1',
  'net.ipv4.icmp_ratelimit=0 net.ipv4.icmp_msgs_per_sec=100000 net.ipv4.icmp_msgs_burst=100000 net.ipv6.icmp.ratelimit=0',
].join(' ');

/**
 * Addresses are usable at once where nobody looks for duplicates of them, and no packet meets what another one has taught: shorter
 * ways, and how long packets may be.
 */
const ALONE = `for file in /proc/sys/net/ipv6/conf/*/accept_dad /proc/sys/net/ipv?/conf/*/accept_redirects; do echo 0 > $file; done
          sysctl -qw net.ipv4.route.mtu_expires=0 net.ipv6.route.mtu_expires=0`;

function node(addresses: Addresses, index: number): Place {
  const name = `n${index}`;
  return {
    name,
    node: name,
    address: addresses.node(index),
    links: [],
    setup: [
      {
        at: name,
        script: `${ALONE}; sysctl -qw ${STEADY}
          ip link set lo up; ip link set eth0 up; ip addr add ${addresses.node(index)}/${addresses.network} dev eth0`,
      },
    ],
  };
}

function pod(random: Random, addresses: Addresses, kind: PodKind, node: number, index: number): Place {
  if (kind === 'routed') return routedPod(addresses, node, index);
  if (kind === 'bridged') return bridgedPod(addresses, node, index);
  return underlayPod(random, addresses, node, index);
}

/** A Calico-like pod: one address, and everything by way of a gateway that stands for the node. */
function routedPod(addresses: Addresses, node: number, index: number): Place {
  const name = `p${node}${index}`;
  const device = `cali${name}`;
  const address = addresses.routedPod(node, index);
  const { full, option, family } = addresses;
  const way =
    family === 4
      ? `ip route add ${GATEWAY_V4} dev eth0 scope link; ip route add default via ${GATEWAY_V4} dev eth0`
      : `ip -6 route add default via ${GATEWAY_V6} dev eth0`;
  return {
    name,
    node: `n${node}`,
    address,
    links: [`ip link add ${device} netns @n${node} type veth peer name eth0 netns @${name}`],
    setup: [
      {
        at: `n${node}`,
        script: `ip link set ${device} address ${GATEWAY_MAC} up; ip ${option} route add ${address} dev ${device}
          sysctl -qw net.ipv4.conf.${device}.proxy_arp=1 net.ipv4.neigh.${device}.proxy_delay=0`,
      },
      {
        at: name,
        script: `${ALONE}; ip link set lo up; ip link set eth0 up; ip addr add ${address}/${full} dev eth0; ${way}`,
      },
    ],
  };
}

/** A pod on a bridge. */
function bridgedPod(addresses: Addresses, node: number, index: number): Place {
  const name = `b${node}${index}`;
  const device = `veth${name}`;
  const address = addresses.bridgedPod(node, index);
  return {
    name,
    node: `n${node}`,
    address,
    links: [`ip link add ${device} netns @n${node} type veth peer name eth0 netns @${name}`],
    setup: [
      {
        at: `n${node}`,
        script: `ip link show br0 >/dev/null 2>&1 || {
            ip link add br0 type bridge; ip link set br0 up; ip addr add ${addresses.bridge(node)}/${addresses.network} dev br0
          }
          ip link set ${device} master br0 up`,
      },
      {
        at: name,
        script: `${ALONE}; ip link set lo up; ip link set eth0 up
          ip addr add ${address}/${addresses.network} dev eth0; ip route add default via ${addresses.bridge(node)}`,
      },
    ],
  };
}

/** A pod with an interface of its own on the network of the nodes, as Spiderpool makes them. */
function underlayPod(random: Random, addresses: Addresses, node: number, index: number): Place {
  const name = `m${node}${index}`;
  const address = addresses.underlayPod(node, index);
  const mode = random.pick(['bridge', 'bridge', 'private']);
  const gateway = addresses.node(random.pick([1, 2]));
  return {
    name,
    node: `n${node}`,
    address,
    links: [`ip -n @n${node} link add eth0 netns @${name} link eth0 type macvlan mode ${mode}`],
    setup: [
      {
        at: name,
        script: `${ALONE}; ip link set lo up; ip link set eth0 up
          ip addr add ${address}/${addresses.network} dev eth0; ip route add default via ${gateway}`,
      },
    ],
  };
}

/** The node `from`, with its way to the pods of `to`. */
function withWay(
  places: readonly Place[],
  addresses: Addresses,
  from: number,
  to: number,
  isTunnelled: boolean,
): Place {
  const own = places[from - 1];
  if (own === undefined) throw new Error(`there is no node ${from}`);
  const networks = [addresses.podNetwork(to), addresses.bridgeNetwork(to)];
  const script = isTunnelled
    ? tunnel(addresses, from, to, networks)
    : networks.map((network) => `ip route add ${network} via ${addresses.node(to)}`).join('\n');
  return { ...own, setup: [...own.setup, { at: own.name, script }] };
}

function tunnel(addresses: Addresses, from: number, to: number, networks: readonly string[]): string {
  const mac = (index: number): string => `66:00:00:00:00:0${index}`;
  const device = 'vxlan.calico';
  const mtu = addresses.family === 4 ? 1450 : 1430;
  return `ip link show ${device} >/dev/null 2>&1 || {
      ip link add ${device} address ${mac(from)} mtu ${mtu} type vxlan id 4096 dstport 4789 local ${addresses.node(from)} dev eth0 nolearning
      ip link set ${device} up; ip addr add ${addresses.tunnel(from)}/${addresses.full} dev ${device}
    }
    ip neigh add ${addresses.tunnel(to)} lladdr ${mac(to)} dev ${device} nud permanent
    bridge fdb add ${mac(to)} dev ${device} dst ${addresses.node(to)}
    ${networks.map((network) => `ip route add ${network} via ${addresses.tunnel(to)} dev ${device} onlink`).join('\n')}`;
}
