import { formatAddress, type IpAddress } from '../../net/address.ts';
import type { Interface } from '../convert/interfaces.ts';
import type { Namespace } from '../model/namespace.ts';
import type { Network } from '../model/network.ts';
import { portOf } from './ovs-switch.ts';
import { type Station, veth } from './veth.ts';

/** Whom a frame is for. */
export interface Wanted {
  /** Addresses that somebody should answer for. */
  readonly addresses: readonly IpAddress[];
  /** Hardware address, where it is known. */
  readonly mac?: string;
}

/** Kinds of devices that do not lead out of the node by a cable. */
const VIRTUAL: ReadonlySet<string> = new Set(
  'veth bridge dummy vxlan ipip gre gretap sit ip6tnl wireguard tun ifb nlmon vti geneve'.split(' '),
);

/** Whether a device of this kind leads nowhere by itself. */
export function isVirtual({ link }: Interface): boolean {
  return VIRTUAL.has(link.kind ?? '');
}

/** Whether a device stands on another one and shares its cable. */
export function isUpperDevice({ link }: Interface): boolean {
  return link.kind === 'macvlan' || link.kind === 'ipvlan' || link.kind === 'macvtap';
}

/**
 * Interfaces of other nodes, or of containers that share a cable, that could hang on the same network and may be the ones
 * wanted.
 */
export function underlay(
  network: Network,
  namespace: Namespace,
  device: Interface,
  wanted: Wanted,
): readonly Station[] {
  const own: Station = { namespace, device };
  return cableOf(network)
    .candidates(wanted)
    .filter(
      (station) =>
        station.namespace !== namespace &&
        vlanOf(station.device) === vlanOf(device) &&
        !isParentAndChild(own, station) &&
        !isParentAndChild(station, own),
    );
}

/** Interfaces on cables that may answer for addresses of others. */
export function cableProxies(network: Network): readonly Station[] {
  return cableOf(network).proxies;
}

function vlanOf({ link }: Interface): unknown {
  return link.kind === 'vlan' ? link.details.id : undefined;
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

const cables = new WeakMap<Network, Cable>();

function cableOf(network: Network): Cable {
  let cable = cables.get(network);
  if (cable === undefined) {
    cable = new Cable(network);
    cables.set(network, cable);
  }
  return cable;
}

/** All interfaces that hang on cables, found by what they could be wanted for. */
class Cable {
  readonly #byMac = new Map<string, Station[]>();
  readonly #byAddress = new Map<string, Station[]>();
  /** Those that may answer for addresses of others. */
  readonly #proxies: Station[] = [];

  constructor(network: Network) {
    for (const namespace of network.namespaces()) {
      for (const device of namespace.interfaces?.all.values() ?? []) {
        if (isOnCable(network, namespace, device)) this.#add({ namespace, device });
      }
    }
  }

  #add(station: Station): void {
    const { namespace, device } = station;
    const { mac } = device.link;
    if (mac !== undefined) append(this.#byMac, mac.toLowerCase(), station);
    for (const other of namespace.interfaces?.all.values() ?? []) {
      // ARP answers on every interface for every address, but for those of services other rules hold.
      if (other.name === 'kube-ipvs0') continue;
      for (const { address } of other.addresses) {
        if (!isLoopback(address)) append(this.#byAddress, formatAddress(address), station);
      }
    }
    if (isProxy(station)) this.#proxies.push(station);
  }

  get proxies(): readonly Station[] {
    return this.#proxies;
  }

  candidates({ addresses, mac }: Wanted): readonly Station[] {
    const found = new Set<Station>(mac === undefined ? [] : this.#byMac.get(mac.toLowerCase()));
    for (const address of addresses) {
      for (const station of this.#byAddress.get(formatAddress(address)) ?? []) found.add(station);
    }
    for (const station of this.#proxies) found.add(station);
    return [...found];
  }
}

/** Every host has these, and none sends packets for them to a cable. */
function isLoopback({ family, bits }: IpAddress): boolean {
  return family === 4 ? bits >> 24n === 127n : bits === 1n;
}

function isProxy({ namespace, device: { name } }: Station): boolean {
  const { settings } = namespace;
  return (
    (settings.greater('proxy_arp', name) ?? 0) > 0 ||
    (settings.number(`net.ipv4.conf.${name}.proxy_arp_pvlan`) ?? 0) > 0 ||
    ([4, 6] as const).some((family) =>
      namespace.neighbours(family)?.value.some((entry) => entry.isProxy && entry.device === name),
    )
  );
}

function isOfLink({ scope }: Interface['addresses'][number]): boolean {
  return scope === 'link';
}

function append(map: Map<string, Station[]>, key: string, station: Station): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [station]);
  else known.push(station);
}

/** Whether an interface leads to a network that others may hang on too. */
export function isOnCable(network: Network, namespace: Namespace, device: Interface): boolean {
  const { link } = device;
  if (link.linkType === 'loopback' || link.name === 'lo') return false;
  // What comes in by a part of a bond or a port of a bridge belongs to the master.
  if (link.master !== undefined && link.slaveKind !== 'vrf') return false;
  if (link.kind === 'bridge') return namespace.name === '' && hasOpenPort(network, namespace, link.name);
  const port = portOf(network, namespace, link.name)?.port;
  if (port !== undefined) return port.kind === 'internal' && port.bridge !== undefined;
  // The other end of a pod's interface is on its node; where it was not found, nobody knows what it leads to. The host's end of a
  // pod's interface has no address; that of a node which is itself a container has.
  if (link.kind === 'veth') {
    const isWithout = namespace.interfaces?.hasAddresses === true && device.addresses.every(isOfLink);
    return namespace.name === '' && !isWithout && veth(network, namespace, device) === undefined;
  }
  return !isVirtual(device);
}

/** A bridge leads on by its ports: by those whose other end is known, only to where that is. */
function hasOpenPort(network: Network, namespace: Namespace, bridge: string): boolean {
  return [...(namespace.interfaces?.all.values() ?? [])].some((port) => {
    if (port.link.master !== bridge) return false;
    return port.link.kind === 'veth' ? veth(network, namespace, port) === undefined : !isVirtual(port);
  });
}
