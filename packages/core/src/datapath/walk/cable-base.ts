import type { Interface } from '../convert/interfaces.ts';
import type { Namespace } from '../model/namespace.ts';
import type { Network } from '../model/network.ts';
import { isUpperDevice } from './cable-devices.ts';
import type { Station } from './veth.ts';

/** The device that has a cable, for itself and all that stand on it. */
export interface Base {
  /** The same for all that stand on it. */
  readonly key: string;
  /** The VLAN that frames are tagged with; undefined where they are not. */
  readonly vlan: unknown;
}

/** Devices stand on each other only a few levels deep (include/linux/netdevice.h, `MAX_NEST_DEV`). */
const NEST_LIMIT = 8;

/** What a device stands on, up to the one that has the cable: the master of a port, the parent of a macvlan or ipvlan device. */
export function baseOf(network: Network, { namespace, device }: Station): Base {
  let [home, base]: [Namespace, Interface] = [namespace, device];
  for (let depth = 0; depth < NEST_LIMIT; depth++) {
    const { link } = base;
    if (link.master !== undefined && link.slaveKind !== 'vrf') {
      const master = home.interface(link.master);
      if (master === undefined) break;
      base = master;
    } else if (isUpperDevice(base)) {
      const parent = parentOf(network, home, base);
      // Those that name the same parent share it, also where it was not collected.
      if (parent === undefined && link.peerIndex !== undefined)
        return { key: `${home.node} parent ${link.peerIndex}`, vlan: undefined };
      if (parent === undefined) break;
      [home, base] = [parent.namespace, parent.device];
    } else break;
  }
  const { kind, details } = base.link;
  return {
    key: `${home.node}/${home.name}/${base.name}`,
    vlan: kind === 'vlan' ? details.id : undefined,
  };
}

/** The parent of a macvlan or ipvlan device, in its own namespace or in that of the node. */
function parentOf(network: Network, namespace: Namespace, { link }: Interface): Station | undefined {
  const near = link.peer === undefined ? undefined : namespace.interface(link.peer);
  if (near !== undefined) return { namespace, device: near };
  const host = network.nodes.get(namespace.node)?.host;
  if (host === undefined || link.peerIndex === undefined) return undefined;
  const device = [...(host.interfaces?.all.values() ?? [])].find(
    ({ link: { index } }) => index === link.peerIndex,
  );
  return device === undefined ? undefined : { namespace: host, device };
}
