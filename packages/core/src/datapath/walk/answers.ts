import { type IpAddress, isSameAddress } from '../../net/address.ts';
import { prefixContains, prefixOf } from '../../net/prefix.ts';
import type { Interface, InterfaceAddress } from '../convert/interfaces.ts';
import { routeDevices } from '../elements/routing/lookup.ts';
import type { Namespace } from '../model/namespace.ts';
import { faultOfSource } from './validate-source.ts';
import type { Station } from './veth.ts';

/**
 * Whether a station answers when `asker` asks who has an address: `arp_process` (net/ipv4/arp.c) and `ndisc_recv_ns`
 * (net/ipv6/ndisc.c). ARP answers for addresses of the whole namespace, neighbour discovery for those of the interface.
 */
export function answersFor(station: Station, address: IpAddress, asker?: IpAddress): boolean {
  const { namespace, device } = station;
  if (!device.isUp) return false;
  if (address.family === 6) {
    const isOwn = device.addresses.some((own) => isSameAddress(own.address, address) && !own.isTentative);
    return isOwn || isProxyEntry(station, address);
  }
  if (namespace.interfaceWith(address) === undefined) return isProxy(station, address, asker);
  return (
    !ignores(station, address, asker) && !isFiltered(station, asker) && !isInvalid(station, address, asker)
  );
}

/** Whether an interface has an address itself. */
export function carries({ addresses }: Interface, address: IpAddress): boolean {
  return addresses.some((own) => isSameAddress(own.address, address));
}

/** `arp_ignore` of net/ipv4/arp.c with `confirm_addr_indev` of net/ipv4/devinet.c. */
function ignores({ namespace, device }: Station, address: IpAddress, asker?: IpAddress): boolean {
  const own = device.addresses.filter((found) => isSameAddress(found.address, address));
  switch (namespace.settings.greater('arp_ignore', device.name) ?? 0) {
    case 1:
      return own.length === 0;
    case 2:
      return !own.some((found) => asker === undefined || isInNetwork(found, asker));
    case 3: {
      const all = [...(namespace.interfaces?.all.values() ?? [])].flatMap(({ addresses }) => addresses);
      return !all.some((found) => isSameAddress(found.address, address) && found.scope !== 'host');
    }
    case 8:
      return true;
    default:
      return false;
  }
}

function isInNetwork({ address, prefixLength }: InterfaceAddress, other: IpAddress): boolean {
  return prefixContains(prefixOf(address, prefixLength), other);
}

/** `arp_filter` of net/ipv4/arp.c: only the interface answers that an answer would be routed by. */
function isFiltered({ namespace, device }: Station, asker?: IpAddress): boolean {
  if (asker === undefined || (namespace.settings.greater('arp_filter', device.name) ?? 0) === 0) return false;
  const result = namespace.route({ destination: asker, mark: 0, inInterface: 'lo' });
  return result.kind !== 'unknown' && !routeDevices(result).includes(device.name);
}

/**
 * A question from an address that packets may not come from by this interface is not answered: `arp_process` takes it for a packet
 * that came in (`ip_route_input_noref`, and in there `fib_validate_source`).
 */
function isInvalid(
  { namespace, device }: Station,
  destination: IpAddress,
  asker: IpAddress | undefined,
  leavesBy?: string,
): boolean {
  if (asker === undefined) return false;
  const asked = { source: asker, destination, protocol: 0, mark: 0 };
  return faultOfSource(namespace, device.name, asked, leavesBy)?.isSure === true;
}

/**
 * Proxy ARP answers for what it forwards: what it has a route to by another interface, or with `proxy_arp_pvlan` by the same
 * one (`arp_fwd_proxy`, `arp_fwd_pvlan`).
 */
function isProxy(station: Station, address: IpAddress, asker: IpAddress | undefined): boolean {
  const { namespace, device } = station;
  const { settings } = namespace;
  if (settings.number(`net.ipv4.conf.${device.name}.forwarding`) === 0) return false;
  const isOn = (settings.greater('proxy_arp', device.name) ?? 0) > 0;
  const isOnForPort = (settings.number(`net.ipv4.conf.${device.name}.proxy_arp_pvlan`) ?? 0) > 0;
  if (!isOn && !isOnForPort && !isProxyEntry(station, address)) return false;
  const result = namespace.route({ destination: address, mark: 0, inInterface: device.name });
  if (result.kind !== 'unicast' || isInvalid(station, address, asker, result.device)) return false;
  return result.device === device.name ? isOnForPort : isOn || isProxyEntry(station, address);
}

/** An entry of `ip neigh show proxy`; for IPv6 it takes `proxy_ndp` and forwarding besides. */
function isProxyEntry({ namespace, device }: Station, address: IpAddress): boolean {
  const { settings } = namespace;
  if (!namespace.hasProxyEntry(device.name, address)) return false;
  if (address.family === 4) return true;
  const isOn = ['all', device.name].some(
    (name) => (settings.number(`net.ipv6.conf.${name}.proxy_ndp`) ?? 0) > 0,
  );
  return isOn && settings.number('net.ipv6.conf.all.forwarding') !== 0;
}

/**
 * The source of an ARP request for the next hop of a packet (`arp_solicit`, net/ipv4/arp.c): that of the packet, unless it is not
 * one of the namespace or `arp_announce` wants another. Undefined where it is not known; IPv6 does not need it.
 */
export function askerOf(
  namespace: Namespace,
  device: Interface,
  source: IpAddress,
  nextHop: IpAddress,
): IpAddress | undefined {
  if (nextHop.family === 6) return undefined;
  const own = namespace.interfaceWith(source);
  const announce = namespace.settings.greater('arp_announce', device.name) ?? 0;
  const isOnLink = device.addresses.some(
    (found) => isInNetwork(found, source) && isInNetwork(found, nextHop),
  );
  if (own !== undefined && (announce === 0 || (announce === 1 && isOnLink))) return source;
  return namespace.masqueradeAddress(device.name, nextHop) ?? undefined;
}
