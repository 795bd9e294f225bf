import type { Addresses } from './addresses.ts';
import type { Place } from './plan.ts';
import type { Random } from './random.ts';

/** What the rules of one namespace can be about. */
export interface Scene {
  readonly random: Random;
  readonly addresses: Addresses;
  /** The namespace that the rules stand in. */
  readonly at: string;
  /** Its interfaces. */
  readonly interfaces: readonly string[];
  /** Numbers of the nodes. */
  readonly nodes: readonly number[];
  /** Addresses of all places. */
  readonly hosts: readonly string[];
  /** Networks that hold several of them. */
  readonly networks: readonly string[];
}

/** The scene of one place of a lab. */
export function sceneOf(random: Random, addresses: Addresses, places: readonly Place[], at: string): Scene {
  const own = places.filter(({ node, name }) => node === at && name !== at);
  const interfaces = new Set(['eth0', 'lo', ...own.flatMap(({ name }) => deviceOf(name))]);
  if (own.some(({ name }) => name.startsWith('b'))) interfaces.add('br0');
  const scripts = places.find(({ name }) => name === at)?.setup.map(({ script }) => script) ?? [];
  if (scripts.some((script) => script.includes('vxlan.calico'))) interfaces.add('vxlan.calico');
  const nodes = places.filter(({ name, node }) => name === node).map((_, index) => index + 1);
  return {
    random,
    addresses,
    at,
    interfaces: [...interfaces],
    nodes,
    hosts: places.map(({ address }) => address),
    networks: [
      addresses.allPods,
      addresses.underlay,
      ...nodes.flatMap((node) => [addresses.podNetwork(node), addresses.bridgeNetwork(node)]),
    ],
  };
}

/** The node's end of the link of a pod; nothing for pods that have none there. */
function deviceOf(pod: string): readonly string[] {
  if (pod.startsWith('p')) return [`cali${pod}`];
  return pod.startsWith('b') ? [`veth${pod}`] : [];
}

/** An address or a network. */
export function anyAddress({ random, hosts, networks }: Scene): string {
  return random.chance(0.7) ? random.pick(hosts) : random.pick(networks);
}

/** An address that something listens at, or hardly ever one that nobody has. */
export function anyBackend({ random, hosts, addresses }: Scene): string {
  return random.chance(0.95) ? random.pick(hosts) : random.pick(addresses.nobody);
}
