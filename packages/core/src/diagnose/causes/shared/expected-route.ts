import type { Interface } from '../../../datapath/convert/interfaces.ts';
import type { Namespace } from '../../../datapath/model/namespace.ts';
import type { Network } from '../../../datapath/model/network.ts';
import { formatAddress, type IpAddress } from '../../../net/address.ts';
import { formatPrefix, type Prefix } from '../../../net/prefix.ts';
import { carrierTo } from './carrier.ts';
import { commonNetwork } from './peers.ts';
import { podRangeOf } from './pod-range.ts';
import { tunnelEndOf, vxlanDevice } from './tunnel-end.ts';

/** A route that a node should have to the pods of another one. */
export interface ExpectedRoute {
  readonly prefix: Prefix;
  readonly gateway: IpAddress;
  readonly device: Interface;
  /** The gateway is no neighbour by any other route. */
  readonly isOnlink: boolean;
  /** How other evidence shows that it should be there, as half a sentence; undefined where only the kind of cluster suggests it. */
  readonly proof?: string;
}

/** The route that a node should have to an address of a pod on another node; undefined where the evidence does not tell. */
export function expectedRoute(
  network: Network,
  from: Namespace,
  node: string,
  destination: IpAddress,
): ExpectedRoute | undefined {
  const carrier = carrierTo(network, from, node, destination);
  if (carrier === undefined) return undefined;
  const prefix = podRangeOf(network, node, destination);
  const proof = carrier.proof === undefined ? {} : { proof: carrier.proof };
  if (carrier.kind === 'vxlan') {
    const device = vxlanDevice(from, carrier.device?.link.details.id) ?? onlyDevice(from, 'vxlan');
    const gateway =
      device === undefined ? undefined : tunnelEndOf(network, device, node, destination.family).address;
    if (device === undefined || gateway === undefined) return undefined;
    return { prefix, gateway, device, isOnlink: true, ...proof };
  }
  const common = commonNetwork(network, from, node, destination.family);
  if (common === undefined) return undefined;
  if (carrier.kind === 'direct') {
    return { prefix, gateway: common.address, device: common.device, isOnlink: false, ...proof };
  }
  const device = onlyDevice(from, carrier.kind);
  return device === undefined
    ? undefined
    : { prefix, gateway: common.address, device, isOnlink: true, ...proof };
}

function onlyDevice(from: Namespace, kind: string): Interface | undefined {
  const all = [...(from.interfaces?.all.values() ?? [])].filter(({ link }) => link.kind === kind);
  return all.length === 1 ? all[0] : undefined;
}

/** The command that sets a route, with the device brought up first where it is down. */
export function routeCommand({ prefix, gateway, device, isOnlink }: ExpectedRoute): string {
  const ip = ipCommand(prefix);
  const up = device.isUp ? '' : `ip link set ${device.name} up && `;
  const onlink = isOnlink ? ' onlink' : '';
  return `${up}${ip} route replace ${formatPrefix(prefix)} via ${formatAddress(gateway)} dev ${device.name}${onlink}`;
}

/** The route as a text shows it. */
export function describeExpected({ prefix, gateway, device }: ExpectedRoute): string {
  return `${formatPrefix(prefix)} via ${formatAddress(gateway)} dev ${device.name}`;
}

/** `ip`, or `ip -6` for what has an IPv6 address. */
export function ipCommand({ family }: { readonly family: IpAddress['family'] }): string {
  return family === 6 ? 'ip -6' : 'ip';
}
