import type { Namespace } from '../../../datapath/model/namespace.ts';
import type { Network } from '../../../datapath/model/network.ts';
import { type Family, formatAddress, type IpAddress, parseAddress } from '../../../net/address.ts';
import { formatPrefix, prefixContains, prefixOf } from '../../../net/prefix.ts';
import type { Route } from '../../../parsers/ip-route/index.ts';
import { ipCommand } from './expected-route.ts';
import type { PodLink } from './pod-link.ts';

/** How a pod should reach everything outside of its own network. */
export interface PodGateway {
  readonly address: IpAddress;
  /** How it is known, as half a sentence. */
  readonly proof: string;
}

/** Calico's gateway of every pod: nobody has it, the node answers for it. */
const LINK_LOCAL_GATEWAY = '169.254.1.1';
const CALICO_MAC = 'ee:ee:ee:ee:ee:ee';

/** The gateway of a pod: its bridge, what other pods of the node use, or what the node's end of its link has. */
export function podGateway(network: Network, link: PodLink, family: Family): PodGateway | undefined {
  return byBridge(link, family) ?? bySiblings(network, link, family) ?? byFarEnd(link, family);
}

function byBridge({ bridge, device }: PodLink, family: Family): PodGateway | undefined {
  const own = device.addresses.filter(({ address }) => address.family === family);
  const found = bridge?.addresses.find(
    ({ address, prefixLength, scope }) =>
      scope === 'global' && own.some((pod) => prefixContains(prefixOf(address, prefixLength), pod.address)),
  );
  if (found === undefined || bridge === undefined) return undefined;
  return {
    address: found.address,
    proof: `it is the address of ${bridge.name}, which its link is a port of`,
  };
}

/** What every other pod of the node that has such a route agrees on. */
function bySiblings(
  network: Network,
  { namespace, bridge }: PodLink,
  family: Family,
): PodGateway | undefined {
  if (bridge !== undefined) return undefined;
  const others = [...(network.nodes.get(namespace.node)?.namespaces.values() ?? [])].flatMap((other) => {
    const route = other === namespace ? undefined : defaultRoute(other, family);
    return route?.gateway === undefined ? [] : [{ name: other.name, gateway: route.gateway }];
  });
  const [first, ...more] = others;
  const address = first === undefined ? undefined : parseAddress(first.gateway);
  if (first === undefined || address === undefined || more.some(({ gateway }) => gateway !== first.gateway)) {
    return undefined;
  }
  return { address, proof: `${first.name.replace('_', '/')} on the same node has it` };
}

function defaultRoute(namespace: Namespace, family: Family): Route | undefined {
  const entries = namespace.routing(family).tables.get('main')?.matches({ family, bits: 1n }) ?? [];
  for (const { route } of entries) if (route.isDefault && route.type === 'unicast') return route;
  return undefined;
}

function byFarEnd({ far }: PodLink, family: Family): PodGateway | undefined {
  if (far === undefined) return undefined;
  const { device } = far;
  const isCalico = device.link.mac === CALICO_MAC;
  const own = device.addresses.find(
    ({ address, scope }) => address.family === family && (scope === 'global' || family === 6),
  );
  const address = isCalico && family === 4 ? parseAddress(LINK_LOCAL_GATEWAY) : own?.address;
  if (address === undefined) return undefined;
  return { address, proof: `the node's end ${device.name} answers for it` };
}

/** Commands for the routes that a pod lacks, in the order in which they have to be set. */
export function podRouteCommands(link: PodLink, { address: gateway }: PodGateway): readonly string[] {
  const { device, namespace } = link;
  const ip = ipCommand(gateway);
  const text = formatAddress(gateway);
  const own = device.addresses.find(({ address, prefixLength }) =>
    prefixContains(prefixOf(address, prefixLength), gateway),
  );
  const near =
    own === undefined
      ? `${ip} route replace ${text} dev ${device.name} scope link`
      : `${ip} route replace ${formatPrefix(prefixOf(own.address, own.prefixLength))} dev ${device.name} proto kernel scope link src ${formatAddress(own.address)}`;
  const route = namespace.route({ destination: gateway, mark: 0, inInterface: 'lo' });
  const isNear = route.kind === 'unicast' && route.gateway === undefined && route.device === device.name;
  // A link-local address of IPv6 is on every link anyway.
  const isAnywhere = gateway.family === 6 && gateway.bits >> 118n === 0x3fan;
  return [
    ...(isAnywhere || (isNear && device.isUp) ? [] : [near]),
    `${ip} route replace default via ${text} dev ${device.name}`,
  ];
}
