import type { Interface } from '../convert/interfaces.ts';
import type { Namespace } from '../model/namespace.ts';
import type { Network } from '../model/network.ts';
import { isForwarding } from './bridge-ports.ts';
import { underlay, type Wanted } from './cable.ts';
import { parentKey } from './cable-base.ts';
import { isUpperDevice, isVirtual } from './cable-devices.ts';
import { type Station, veth } from './veth.ts';

/** What can be reached directly by an interface. */
export interface Segment {
  readonly stations: readonly Station[];
  /** Whether there may be others that were not collected. */
  readonly isOpen: boolean;
  /** The bridge that the link leads to, as it takes in frames. */
  readonly bridge?: NonNullable<Station['bridge']>;
}

/** The stations on the link of an interface; of those on a cable, the ones that may be wanted. */
export function segmentOf(
  network: Network,
  namespace: Namespace,
  device: Interface,
  wanted: Wanted,
): Segment {
  const { kind } = device.link;
  if (kind === 'bridge')
    return { stations: portStations(network, namespace, device, '', wanted), isOpen: true };
  if (isUpperDevice(device)) return siblings(network, namespace, device, wanted);
  if (kind === 'veth') {
    const far = veth(network, namespace, device);
    if (far !== undefined) return behindVeth(network, far, wanted);
    if (namespace.name !== '') return { stations: [], isOpen: true };
  }
  return { stations: underlay(network, namespace, device, wanted), isOpen: true };
}

function behindVeth(network: Network, far: Station, wanted: Wanted): Segment {
  const master = far.device.link.master;
  const bridge = master === undefined ? undefined : far.namespace.interface(master);
  if (bridge?.link.kind !== 'bridge') return { stations: [far], isOpen: bridge !== undefined };
  if (!bridge.isUp || !isForwarding(far.device)) return { stations: [], isOpen: false };
  const between = { namespace: far.namespace, device: bridge, inPort: far.device.name, outPort: '' };
  return {
    stations: [
      { namespace: far.namespace, device: bridge, bridge: between },
      ...portStations(network, far.namespace, bridge, far.device.name, wanted),
    ],
    isOpen: true,
    bridge: between,
  };
}

/** What stands behind the ports of a bridge, other than the port a packet came in by. */
function portStations(
  network: Network,
  namespace: Namespace,
  bridge: Interface,
  inPort: string,
  wanted: Wanted,
): Station[] {
  return bridgeStations(network, namespace, bridge, wanted)
    .filter(({ port }) => port !== inPort)
    .map(({ station, port }) => ({
      ...station,
      bridge: { namespace, device: bridge, inPort, outPort: port },
    }));
}

/** What stands behind each port of a bridge. */
export function bridgeStations(
  network: Network,
  namespace: Namespace,
  bridge: Interface,
  wanted: Wanted,
): readonly { readonly station: Station; readonly port: string }[] {
  return [...(namespace.interfaces?.all.values() ?? [])]
    .filter((port) => port.link.master === bridge.name && isForwarding(port))
    .flatMap((port) =>
      behindPort(network, namespace, port, wanted).map((station) => ({ station, port: port.name })),
    );
}

function behindPort(
  network: Network,
  namespace: Namespace,
  port: Interface,
  wanted: Wanted,
): readonly Station[] {
  const far = port.link.kind === 'veth' ? veth(network, namespace, port) : undefined;
  if (far !== undefined) return [far];
  return isVirtual(port) ? [] : underlay(network, namespace, port, wanted);
}

/**
 * Interfaces on the same parent, and what the parent's cable leads to. Only the mode "bridge" lets interfaces of one parent
 * talk to each other.
 */
function siblings(network: Network, namespace: Namespace, device: Interface, wanted: Wanted): Segment {
  const parent = parentKey(network, { namespace, device });
  const stations = underlay(network, namespace, device, wanted).filter(
    (station) =>
      (isBridged(device) && isBridged(station.device)) ||
      !isUpperDevice(station.device) ||
      parent === undefined ||
      parentKey(network, station) !== parent,
  );
  return { stations, isOpen: true };
}

/** Both have to be in this mode (drivers/net/macvlan.c, `macvlan_queue_xmit`); ipvlan devices always reach each other. */
function isBridged({ link: { kind, details } }: Interface): boolean {
  return kind === 'ipvlan' || details.mode === undefined || details.mode === 'bridge';
}

/** The interface with this hardware address. */
export function hasMac(station: Station, mac: string): boolean {
  return station.device.link.mac?.toLowerCase() === mac.toLowerCase();
}
