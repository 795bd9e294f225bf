import type { Interface } from '../../../datapath/convert/interfaces.ts';
import type { Namespace } from '../../../datapath/model/namespace.ts';
import type { Network } from '../../../datapath/model/network.ts';
import { type Station, veth } from '../../../datapath/walk/veth.ts';
import type { IpAddress } from '../../../net/address.ts';

/** A pod's interface and what it hangs on. */
export interface PodLink {
  readonly namespace: Namespace;
  readonly device: Interface;
  /** Its other end; undefined where it was not found. */
  readonly far: Station | undefined;
  /** The bridge of the node that it is a port of. */
  readonly bridge: Interface | undefined;
}

/** The link of a pod's namespace that carries an address, or its only one. */
export function podLinkOf(network: Network, namespace: Namespace, address: IpAddress): PodLink | undefined {
  const device = namespace.interfaceWith(address) ?? onlyInterface(namespace);
  if (device === undefined || namespace.name === '') return undefined;
  const far =
    device.link.kind === 'veth' || device.link.kind === undefined
      ? veth(network, namespace, device)
      : undefined;
  const master = far?.device.link.master;
  const bridge = master === undefined ? undefined : far?.namespace.interface(master);
  return { namespace, device, far, bridge: bridge?.link.kind === 'bridge' ? bridge : undefined };
}

function onlyInterface(namespace: Namespace): Interface | undefined {
  const all = [...(namespace.interfaces?.all.values() ?? [])].filter(
    ({ link }) => link.name !== 'lo' && link.kind === 'veth',
  );
  return all.length === 1 ? all[0] : undefined;
}
