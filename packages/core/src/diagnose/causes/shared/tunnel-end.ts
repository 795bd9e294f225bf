import type { Interface } from '../../../datapath/convert/interfaces.ts';
import type { Namespace } from '../../../datapath/model/namespace.ts';
import type { Network } from '../../../datapath/model/network.ts';
import type { Evidence } from '../../../model/evidence.ts';
import type { IpAddress } from '../../../net/address.ts';
import { announcedTunnelAddresses } from './peers.ts';

/** A node's end of a VXLAN network. */
export interface TunnelEnd {
  readonly node: string;
  /** The address inside the tunnel; undefined where it is not known. */
  readonly address?: IpAddress;
  readonly mac?: string;
  readonly evidence: readonly Evidence[];
}

/** The end of a VXLAN device's network on another node, as that node shows it, else as its object does. */
export function tunnelEndOf(
  network: Network,
  device: Interface,
  node: string,
  family: IpAddress['family'],
): TunnelEnd {
  const far = vxlanDevice(network.nodes.get(node)?.host, device.link.details.id);
  const carried = far?.addresses.find(
    ({ address, scope }) => address.family === family && scope === 'global',
  );
  const announced = announcedTunnelAddresses(network, node).find(({ address }) => address.family === family);
  const address = carried?.address ?? announced?.address;
  return {
    node,
    ...(address === undefined ? {} : { address }),
    ...(far?.link.mac === undefined ? {} : { mac: far.link.mac }),
    evidence: far === undefined ? (announced === undefined ? [] : [announced.evidence]) : [far.place],
  };
}

/** The device of a VXLAN network, by its id. */
export function vxlanDevice(host: Namespace | undefined, id: unknown): Interface | undefined {
  return [...(host?.interfaces?.all.values() ?? [])].find(
    ({ link }) => link.kind === 'vxlan' && link.details.id === id,
  );
}
