import type { Interface } from '../../../datapath/convert/interfaces.ts';
import type { Namespace } from '../../../datapath/model/namespace.ts';
import type { Network } from '../../../datapath/model/network.ts';
import { formatAddress, type IpAddress } from '../../../net/address.ts';
import { parsePrefix, prefixContains } from '../../../net/prefix.ts';
import { commonNetwork, isAddressOfNode } from './peers.ts';

/** What carries packets of pods from one node to another. */
interface Carrier {
  readonly kind: 'vxlan' | 'ipip' | 'direct';
  /** A device of this kind; of another node where the own one is not used yet. */
  readonly device?: Interface;
  /** What shows it, as half a sentence. Undefined where routers between the nodes could carry the packets as well. */
  readonly proof?: string;
}

/**
 * What should carry packets from a node to pods of another one: what Calico's pool says, what carries them the other way
 * round, what other nodes use towards the same pods, or what this node uses towards other pods.
 */
export function carrierTo(
  network: Network,
  from: Namespace,
  node: string,
  destination: IpAddress,
): Carrier | undefined {
  return (
    byPool(network, from, node, destination) ??
    backwards(network, from, node, destination) ??
    byThird(network, from, node, destination) ??
    byOthers(network, from, node, destination)
  );
}

/** The other node's own route to pods of this one. */
function backwards(
  network: Network,
  from: Namespace,
  node: string,
  destination: IpAddress,
): Carrier | undefined {
  const other = network.nodes.get(node)?.host;
  if (other === undefined) return undefined;
  for (const address of podAddressesOn(network, from.node, destination.family)) {
    const found = carrierUsed(network, other, from.node, address);
    if (found !== undefined) return { ...found, proof: `${node} reaches pods of ${from.node} ${how(found)}` };
  }
  return undefined;
}

interface PoolFields {
  readonly spec?: {
    readonly cidr?: unknown;
    readonly vxlanMode?: unknown;
    readonly ipipMode?: unknown;
    readonly disabled?: unknown;
  };
}

/** Encapsulation belongs to the pool of the destination. */
function byPool(
  network: Network,
  from: Namespace,
  node: string,
  destination: IpAddress,
): Carrier | undefined {
  for (const { object } of network.objects('ippools.crd.projectcalico.org') ?? []) {
    const { spec } = object as PoolFields;
    const range = typeof spec?.cidr === 'string' ? parsePrefix(spec.cidr) : undefined;
    if (range === undefined || !prefixContains(range, destination)) continue;
    const { name } = object.metadata;
    for (const [kind, mode] of [
      ['vxlan', spec?.vxlanMode],
      ['ipip', spec?.ipipMode],
    ] as const) {
      if (mode !== 'Always' && mode !== 'CrossSubnet') continue;
      const isNear =
        mode === 'CrossSubnet' && commonNetwork(network, from, node, destination.family)?.isShared === true;
      return { kind: isNear ? 'direct' : kind, proof: `pool ${name} says ${kind}Mode ${mode}` };
    }
  }
  return undefined;
}

function byThird(
  network: Network,
  from: Namespace,
  node: string,
  destination: IpAddress,
): Carrier | undefined {
  for (const third of network.nodes.values()) {
    if (third.name === node || third.name === from.node) continue;
    const found = carrierUsed(network, third.host, node, destination);
    if (found !== undefined)
      return { ...found, proof: `${third.name} reaches pods of ${node} ${how(found)}` };
  }
  return undefined;
}

function byOthers(
  network: Network,
  from: Namespace,
  node: string,
  { family }: IpAddress,
): Carrier | undefined {
  for (const other of network.nodes.keys()) {
    if (other === node || other === from.node) continue;
    for (const address of podAddressesOn(network, other, family)) {
      const found = carrierUsed(network, from, other, address);
      if (found !== undefined)
        return { ...found, proof: `${from.node} reaches pods of ${other} ${how(found)}` };
    }
  }
  return undefined;
}

/** What a node uses towards an address of another node's pod, if its route leads to that node. */
function carrierUsed(
  network: Network,
  from: Namespace,
  node: string,
  destination: IpAddress,
): Omit<Carrier, 'proof'> | undefined {
  const route = from.route({ destination, mark: 0, inInterface: 'lo' });
  if (route.kind !== 'unicast' || route.gateway === undefined || route.entry.length === 0) return undefined;
  if (!isAddressOfNode(network, node, route.gateway)) return undefined;
  const device = from.interface(route.device);
  const { kind } = device?.link ?? {};
  if (device === undefined || (kind !== undefined && OTHER_TUNNELS.has(kind))) return undefined;
  return kind === 'vxlan' || kind === 'ipip' ? { kind, device } : { kind: 'direct', device };
}

const OTHER_TUNNELS: ReadonlySet<string> = new Set(['wireguard', 'gre', 'sit', 'geneve', 'tun']);

function how({ kind, device }: Carrier): string {
  return kind === 'direct' ? 'by a route through the node itself' : `through ${device?.name ?? kind}`;
}

/** Addresses of pods of a node, as far as evidence or objects show them. */
function podAddressesOn(network: Network, node: string, family: IpAddress['family']): readonly IpAddress[] {
  const collected = [...(network.nodes.get(node)?.namespaces.values() ?? [])].flatMap((namespace) =>
    [...(namespace.interfaces?.all.values() ?? [])].flatMap(({ addresses }) =>
      addresses.filter(({ scope }) => scope === 'global').map(({ address }) => address),
    ),
  );
  const listed = (network.objects('pods') ?? []).flatMap(({ object }) => {
    const pod = network.pod(object.metadata.namespace ?? '', object.metadata.name);
    return pod?.node === node && !pod.isHostNetwork && !pod.isOver ? pod.addresses : [];
  });
  const all = [...collected, ...listed].filter((address) => address.family === family);
  return [...new Map(all.map((address) => [formatAddress(address), address])).values()];
}
