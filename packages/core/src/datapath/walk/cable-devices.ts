import type { Interface } from '../convert/interfaces.ts';
import type { Namespace } from '../model/namespace.ts';
import type { Network } from '../model/network.ts';
import { portOf } from './ovs-switch.ts';
import { veth } from './veth.ts';

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

function isOfLink({ scope }: Interface['addresses'][number]): boolean {
  return scope === 'link';
}
