import { formatAddress, type IpAddress } from '../../net/address.ts';
import type { Interface } from '../convert/interfaces.ts';
import type { Namespace } from '../model/namespace.ts';
import type { Network } from '../model/network.ts';
import { keyOf, parentKey } from './cable-base.ts';
import { isOnCable, isUpperDevice } from './cable-devices.ts';
import { CableEnds } from './cable-end.ts';
import type { Station } from './veth.ts';

/** Whom a frame is for. */
export interface Wanted {
  /** Addresses that somebody should answer for. */
  readonly addresses: readonly IpAddress[];
  /** Hardware address, where it is known. */
  readonly mac?: string;
}

/**
 * Interfaces of other nodes, or of containers that share a cable, that may be the ones wanted. Those of which nothing shows that
 * they hang on the same network are marked as doubtful.
 */
export function underlay(
  network: Network,
  namespace: Namespace,
  device: Interface,
  wanted: Wanted,
): readonly Station[] {
  const own: Station = { namespace, device };
  const cable = cableOf(network);
  return cable
    .candidates(wanted)
    .filter(
      (station) =>
        station.namespace !== namespace &&
        !isParentAndChild(network, own, station) &&
        !isParentAndChild(network, station, own),
    )
    .map((station) => (cable.areJoined(own, station) ? station : { ...station, isDoubtful: true }));
}

/** Interfaces on cables that may answer for addresses of others. */
export function cableProxies(network: Network): readonly Station[] {
  return cableOf(network).proxies;
}

/** The networks that the addresses on an interface's cable are in, its own and those of all that share the cable: by them others are joined to it. */
export function cableNetworks(network: Network, station: Station): readonly string[] {
  return cableOf(network).networksOf(station);
}

/** A device and its own macvlan or ipvlan devices can not reach each other (drivers/net/macvlan.c). */
function isParentAndChild(network: Network, parent: Station, child: Station): boolean {
  return (
    isUpperDevice(child.device) &&
    !isUpperDevice(parent.device) &&
    parentKey(network, child) === keyOf(parent)
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
  readonly #ends: CableEnds;

  constructor(network: Network) {
    this.#ends = new CableEnds(network);
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
    this.#ends.add(station);
  }

  get proxies(): readonly Station[] {
    return this.#proxies;
  }

  /** Whether evidence shows that two interfaces hang on the same network. */
  areJoined(near: Station, far: Station): boolean {
    return this.#ends.areJoined(this.#ends.of(near), this.#ends.of(far));
  }

  networksOf(station: Station): readonly string[] {
    return this.#ends.networksOf(this.#ends.of(station));
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

function append(map: Map<string, Station[]>, key: string, station: Station): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [station]);
  else known.push(station);
}
