import { type IpAddress, isSameAddress } from '../../net/address.ts';
import type { Interface } from '../convert/interfaces.ts';
import type { Namespace } from '../model/namespace.ts';
import type { Network, NetworkNode } from '../model/network.ts';

/** An interface at the other end of a link. */
export interface Station {
  readonly namespace: Namespace;
  readonly device: Interface;
  /** The bridge that stands between, with its ports. */
  readonly bridge?: {
    readonly namespace: Namespace;
    readonly device: Interface;
    readonly inPort: string;
    /** Empty where the packet goes to the bridge itself. */
    readonly outPort: string;
  };
}

/** What can be reached directly by an interface. */
export interface Segment {
  readonly stations: readonly Station[];
  /** Whether there may be others that were not collected. */
  readonly isOpen: boolean;
}

/** Kinds of devices that do not lead out of the node by a cable. */
const VIRTUAL: ReadonlySet<string> = new Set(
  'veth bridge dummy vxlan ipip gre gretap sit ip6tnl wireguard tun ifb nlmon vti geneve'.split(' '),
);

/** All stations on the link of an interface. */
export function segmentOf(network: Network, namespace: Namespace, device: Interface): Segment {
  const { kind } = device.link;
  if (kind === 'bridge') return { stations: portStations(network, namespace, device, ''), isOpen: true };
  if (kind === 'macvlan' || kind === 'ipvlan' || kind === 'macvtap')
    return siblings(network, namespace, device);
  if (kind === 'veth') {
    const far = veth(network, namespace, device);
    if (far !== undefined) return behindVeth(network, far);
  }
  return { stations: underlay(network, namespace, device), isOpen: true };
}

function behindVeth(network: Network, far: Station): Segment {
  const master = far.device.link.master;
  const bridge = master === undefined ? undefined : far.namespace.interface(master);
  if (bridge?.link.kind !== 'bridge') return { stations: [far], isOpen: bridge !== undefined };
  const between = { namespace: far.namespace, device: bridge, inPort: far.device.name, outPort: '' };
  return {
    stations: [
      { namespace: far.namespace, device: bridge, bridge: between },
      ...portStations(network, far.namespace, bridge, far.device.name),
    ],
    isOpen: true,
  };
}

/** What stands behind the ports of a bridge, other than the port a packet came in by. */
function portStations(network: Network, namespace: Namespace, bridge: Interface, inPort: string): Station[] {
  return bridgeStations(network, namespace, bridge)
    .filter(({ port }) => port !== inPort)
    .map(({ station, port }) =>
      inPort === '' ? station : { ...station, bridge: { namespace, device: bridge, inPort, outPort: port } },
    );
}

/** What stands behind each port of a bridge. */
export function bridgeStations(
  network: Network,
  namespace: Namespace,
  bridge: Interface,
): readonly { readonly station: Station; readonly port: string }[] {
  return [...(namespace.interfaces?.all.values() ?? [])]
    .filter(({ link, isUp }) => link.master === bridge.name && isUp)
    .flatMap((port) => behindPort(network, namespace, port).map((station) => ({ station, port: port.name })));
}

function behindPort(network: Network, namespace: Namespace, port: Interface): readonly Station[] {
  const far = port.link.kind === 'veth' ? veth(network, namespace, port) : undefined;
  if (far !== undefined) return [far];
  return VIRTUAL.has(port.link.kind ?? '') ? [] : underlay(network, namespace, port);
}

/**
 * The other end of a veth pair. Each end prints the index of the other; within a node the pair of both indexes names one
 * interface, unless namespaces were made alike, in which case the addresses tell them apart or nothing does.
 */
export function veth(network: Network, namespace: Namespace, device: Interface): Station | undefined {
  const { link } = device;
  const local =
    link.peerIndex === undefined && link.peer !== undefined ? namespace.interface(link.peer) : undefined;
  if (local !== undefined) return { namespace, device: local };
  const node = network.nodes.get(namespace.node);
  if (node === undefined || link.index === undefined || link.peerIndex === undefined) return undefined;
  const found: Station[] = [];
  for (const other of [node.host, ...node.namespaces.values()]) {
    if (other === namespace) continue;
    for (const candidate of other.interfaces?.all.values() ?? []) {
      const { index, peerIndex, kind } = candidate.link;
      if (index === link.peerIndex && peerIndex === link.index && (kind === 'veth' || kind === undefined)) {
        found.push({ namespace: other, device: candidate });
      }
    }
  }
  if (found.length < 2) return found[0];
  const named = found.filter(({ namespace: { name } }) => name === link.peerNetns);
  return named.length === 1 ? named[0] : byRoute(namespace, device, found);
}

/** Among ends that look the same, the one whose address is routed to this interface. */
function byRoute(namespace: Namespace, device: Interface, found: readonly Station[]): Station | undefined {
  const fitting = found.filter(({ device: { addresses } }) =>
    addresses.some(({ address }) => {
      const result = namespace.route({ destination: address, mark: 0, inInterface: 'lo' });
      return result.kind === 'unicast' && result.device === device.name;
    }),
  );
  return fitting.length === 1 ? fitting[0] : undefined;
}

/** Interfaces of other nodes (or of containers that share a cable) that could hang on the same network. */
function underlay(network: Network, namespace: Namespace, device: Interface): Station[] {
  const vlan = device.link.kind === 'vlan' ? device.link.details.id : undefined;
  const own: Station = { namespace, device };
  const stations: Station[] = [];
  for (const node of network.nodes.values()) {
    for (const other of [node.host, ...node.namespaces.values()]) {
      if (other === namespace) continue;
      for (const candidate of other.interfaces?.all.values() ?? []) {
        const station: Station = { namespace: other, device: candidate };
        if (isParentAndChild(own, station) || isParentAndChild(station, own)) continue;
        if (isOnCable(network, node, other, candidate, vlan)) stations.push(station);
      }
    }
  }
  return stations;
}

function isOnCable(
  network: Network,
  node: NetworkNode,
  namespace: Namespace,
  candidate: Interface,
  vlan: unknown,
): boolean {
  const { link } = candidate;
  if (link.linkType === 'loopback' || link.name === 'lo') return false;
  if ((link.kind === 'vlan' ? link.details.id : undefined) !== vlan) return false;
  if (isUpperDevice(candidate)) return true;
  if (link.kind === 'bridge') return namespace === node.host;
  if (link.kind === 'veth') {
    const found = namespace.interface(link.name);
    return found !== undefined && veth(network, namespace, found) === undefined;
  }
  return !VIRTUAL.has(link.kind ?? '');
}

/**
 * Interfaces on the same parent, and what the parent's cable leads to. Only the mode "bridge" lets interfaces of one parent
 * talk to each other.
 */
function siblings(network: Network, namespace: Namespace, device: Interface): Segment {
  const { mode } = device.link.details;
  const isAlone = device.link.kind !== 'ipvlan' && mode !== undefined && mode !== 'bridge';
  const stations = underlay(network, namespace, device).filter(
    (station) => !isAlone || !shareParent(station, { namespace, device }),
  );
  return { stations, isOpen: true };
}

function isUpperDevice({ link }: Interface): boolean {
  return link.kind === 'macvlan' || link.kind === 'ipvlan' || link.kind === 'macvtap';
}

function shareParent(left: Station, right: Station): boolean {
  return (
    left.namespace.node === right.namespace.node &&
    isUpperDevice(left.device) &&
    left.device.link.peerIndex === right.device.link.peerIndex
  );
}

/** A device and its own macvlan or ipvlan devices can not reach each other (drivers/net/macvlan.c). */
function isParentAndChild(parent: Station, child: Station): boolean {
  return (
    isUpperDevice(child.device) &&
    !isUpperDevice(parent.device) &&
    parent.namespace.node === child.namespace.node &&
    parent.namespace.name === '' &&
    parent.device.link.index === child.device.link.peerIndex
  );
}

/** Whether a station answers for an address: its namespace has it, or answers for others (`arp_process`, net/ipv4/arp.c). */
export function answersFor({ namespace, device }: Station, address: IpAddress): boolean {
  if (!device.isUp) return false;
  if (device.addresses.some((own) => isSameAddress(own.address, address))) return true;
  const owner = namespace.interfaceWith(address);
  // Neighbour discovery answers for addresses of the interface only, ARP for all of the host.
  if (address.family === 6) return false;
  if (owner !== undefined) return true;
  const { settings } = namespace;
  if ((settings.greater('proxy_arp', device.name) ?? 0) === 0) return false;
  if (settings.number(`net.ipv4.conf.${device.name}.forwarding`) === 0) return false;
  // Proxy ARP answers for what it forwards: what it has a route to by another interface.
  const result = namespace.route({ destination: address, mark: 0, inInterface: device.name });
  return result.kind === 'unicast' && result.device !== device.name;
}

/** The interface with this hardware address. */
export function hasMac(station: Station, mac: string): boolean {
  return station.device.link.mac?.toLowerCase() === mac.toLowerCase();
}
