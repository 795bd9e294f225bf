import type { Interface } from '../../../datapath/convert/interfaces.ts';
import { placeIn } from '../../../datapath/convert/namespace-evidence.ts';
import type { Namespace } from '../../../datapath/model/namespace.ts';
import type { Network } from '../../../datapath/model/network.ts';
import type { Evidence } from '../../../model/evidence.ts';
import { formatAddress, type IpAddress, parseAddress } from '../../../net/address.ts';
import { prefixContains, prefixOf } from '../../../net/prefix.ts';
import type { FdbEntry } from '../../../parsers/bridge-fdb/index.ts';
import type { Neighbour } from '../../../parsers/ip-neigh/index.ts';
import type { Leg } from '../cause.ts';
import { ipCommand } from './expected-route.ts';
import { commonNetwork, nodeWith } from './peers.ts';
import { type TunnelEnd, tunnelEndOf, vxlanDevice } from './tunnel-end.ts';

/** A packet on its way into a VXLAN device, with what the node knows of the other end and what that end is. */
export interface VxlanHop {
  readonly host: Namespace;
  readonly device: Interface;
  readonly nextHop: IpAddress;
  readonly neighbour: Neighbour | undefined;
  readonly neighbourPlace: Evidence | undefined;
  /** The end that has the next hop. */
  readonly far: TunnelEnd;
  /** The address of the other node that the outer packet should go to; undefined where it is not known. */
  readonly farAddress: IpAddress | undefined;
}

/** The VXLAN devices that a leg went into, where it is known whose the next hop is. */
export function vxlanHops(leg: Leg, network: Network): readonly VxlanHop[] {
  return leg.trail.hops.flatMap(({ kind, namespace, device: name, nextHop }): readonly VxlanHop[] => {
    const device = name === undefined ? undefined : namespace.interface(name);
    if (kind !== 'transmit' || nextHop === undefined || device?.link.kind !== 'vxlan') return [];
    const node = nodeWith(network, nextHop);
    if (node === undefined || node === namespace.node) return [];
    const neighbour = namespace.neighbour(device.name, nextHop);
    const file = namespace.neighbours(nextHop.family)?.file;
    return [
      {
        host: namespace,
        device,
        nextHop,
        neighbour,
        neighbourPlace: neighbour === undefined || file === undefined ? undefined : placeIn(file, neighbour),
        far: tunnelEndOf(network, device, node, nextHop.family),
        farAddress: outerAddress(network, namespace, device, node),
      },
    ];
  });
}

/** The address that a node receives the tunnel's packets at: what its device sends from, if the sender can reach it. */
function outerAddress(
  network: Network,
  from: Namespace,
  device: Interface,
  node: string,
): IpAddress | undefined {
  const host = network.nodes.get(node)?.host;
  const text = vxlanDevice(host, device.link.details.id)?.link.details.local;
  const local = typeof text === 'string' ? parseAddress(text) : undefined;
  const common = commonNetwork(network, from, node, local?.family ?? 4);
  const isCarried = local !== undefined && host?.interfaceWith(local) !== undefined;
  if (!isCarried) return common?.address;
  const isNear = common?.device.addresses.some(({ address, prefixLength }) =>
    prefixContains(prefixOf(address, prefixLength), local),
  );
  // A device that sends from an address on another network than the nodes share was made with the wrong one.
  return common?.isShared === true && isNear !== true ? common.address : local;
}

/** The entry of the forwarding database that names the other node for a hardware address. */
export function endpointOf({ host, device }: VxlanHop, mac: string): FdbEntry | undefined {
  return host.fdb?.value.find(
    (entry) =>
      entry.device === device.name &&
      entry.destination !== undefined &&
      entry.mac.toLowerCase() === mac.toLowerCase(),
  );
}

/** Sets the hardware address of the other end. */
export function neighbourCommand({ device, nextHop }: VxlanHop, mac: string): string {
  return `${ipCommand(nextHop)} neigh replace ${formatAddress(nextHop)} lladdr ${mac} dev ${device.name} nud permanent`;
}

/** Sets the node that a hardware address is on. */
export function endpointCommand({ device }: VxlanHop, mac: string, address: IpAddress): string {
  return `bridge fdb replace ${mac} dev ${device.name} dst ${formatAddress(address)} self permanent`;
}
