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
      const unseen = parent === undefined ? keyOfUnseen(home, base) : undefined;
      if (unseen !== undefined) return { key: unseen, vlan: undefined };
      if (parent === undefined) break;
      [home, base] = [parent.namespace, parent.device];
    } else break;
  }
  const { kind, details } = base.link;
  return {
    key: keyOf({ namespace: home, device: base }),
    vlan: kind === 'vlan' ? details.id : undefined,
  };
}

/** A device, the same for all that stand on it. */
export function keyOf({ namespace, device }: Station): string {
  return `${namespace.node}/${namespace.name}/${device.name}`;
}

/**
 * What a macvlan or ipvlan device stands on; one that stands on another such device stands on the parent of that one
 * (drivers/net/macvlan.c, `macvlan_common_newlink`). Undefined where its evidence does not say.
 */
export function parentKey(network: Network, { namespace, device }: Station): string | undefined {
  let [home, upper]: [Namespace, Interface] = [namespace, device];
  for (let depth = 0; depth < NEST_LIMIT; depth++) {
    const parent = parentOf(network, home, upper);
    if (parent === undefined) return keyOfUnseen(home, upper);
    if (!isUpperDevice(parent.device)) return keyOf(parent);
    [home, upper] = [parent.namespace, parent.device];
  }
  return undefined;
}

/** Those that name the same parent share it, also where it was not collected. */
function keyOfUnseen({ node }: Namespace, { link: { peerIndex } }: Interface): string | undefined {
  return peerIndex === undefined ? undefined : `${node} parent ${peerIndex}`;
}

/** The parent of a macvlan or ipvlan device, in its own namespace, in one that it names, or in that of the node. */
function parentOf(network: Network, namespace: Namespace, { link }: Interface): Station | undefined {
  const near = link.peer === undefined ? undefined : namespace.interface(link.peer);
  if (near !== undefined) return { namespace, device: near };
  const node = network.nodes.get(namespace.node);
  if (node === undefined || link.peerIndex === undefined) return undefined;
  const home = node.namespaces.get(link.peerNetns ?? '') ?? node.host;
  const device = [...(home.interfaces?.all.values() ?? [])].find(
    ({ link: { index } }) => index === link.peerIndex,
  );
  return device === undefined ? undefined : { namespace: home, device };
}
