import type { RouteResult } from '../elements/routing/lookup.ts';
import type { Packet } from '../model/packet.ts';
import { arriveAt } from './arrive-at.ts';
import { passHook, type Reroute } from './hooks.ts';
import { passLinkChains } from './link-chains.ts';
import { routeKey } from './send.ts';
import type { Station } from './veth.ts';
import { type Buffer, type End, endSilently, isEnd, type Next, type Walk } from './walk.ts';

/** Sends a message of neighbour discovery, or of ARP, from an interface. What it meets ends it, or it is on the link. */
export function sendMessage(walk: Walk, packet: Packet, sender: Station): Buffer | End {
  const { namespace, device } = sender;
  const buffer: Buffer = { packet, connection: undefined };
  const point = { namespace, inInterface: '', outInterface: device.name };
  const filtered =
    packet.arp === undefined
      ? (passHook(walk, { ...point, hook: 'output' }, buffer, rerouteOf(walk, buffer, sender)) ??
        passHook(walk, { ...point, hook: 'postrouting' }, buffer))
      : passLinkChains(walk, { ...point, hook: 'arp output' }, buffer);
  const stopped = filtered ?? passLinkChains(walk, { ...point, hook: 'egress' }, buffer);
  return stopped === undefined ? buffer : asEnd(stopped, sender, buffer);
}

/** Takes a message over the link to an interface, and through the hooks there. Undefined where it arrives. */
export function bringMessage(
  walk: Walk,
  buffer: Buffer,
  sender: Station,
  receiver: Station,
): End | undefined {
  const nextHop = buffer.packet.destination;
  const sending = {
    kind: 'transmit',
    namespace: sender.namespace,
    device: sender.device.name,
    nextHop,
    buffer,
  } as const;
  const arrival = arriveAt(walk, sending, receiver);
  return arrival.kind === 'arrive' ? receiveMessage(walk, arrival) : asEnd(arrival, sender, buffer);
}

/**
 * Takes in a message at an interface (`ip6_mc_input`, `ip6_input`, net/ipv6/ip6_input.c; `arp_rcv`, net/ipv4/arp.c). Undefined where
 * it arrives.
 */
export function receiveMessage(
  walk: Walk,
  { namespace, device, buffer, bridgePort, isPrerouted }: Extract<Next, { kind: 'arrive' }>,
): End | undefined {
  const point = { namespace, inInterface: device, outInterface: '' };
  const port = bridgePort === undefined ? {} : { physicalIn: bridgePort };
  const early = passLinkChains(walk, { ...point, hook: 'ingress' }, buffer);
  const stopped =
    early ??
    (buffer.packet.arp === undefined
      ? ((isPrerouted === true ? undefined : passHook(walk, { ...point, hook: 'prerouting' }, buffer)) ??
        passHook(walk, { ...point, ...port, hook: 'input' }, buffer))
      : passLinkChains(walk, { ...point, hook: 'arp input' }, buffer));
  return stopped === undefined
    ? undefined
    : asEnd(stopped, { namespace, device: namespace.interface(device) }, buffer);
}

/** Lookups of routes that throw the packet away. */
const WITHOUT_WAY: ReadonlySet<RouteResult['kind']> = new Set([
  'none',
  'unreachable',
  'prohibit',
  'blackhole',
]);

/**
 * A rule that marks a packet has its route looked up again (`ip6_route_me_harder`, net/ipv6/netfilter.c). A message to many, or to a
 * link-local address, stays on its interface; any other could leave by another one.
 */
function rerouteOf(walk: Walk, buffer: Buffer, { namespace, device }: Station): Reroute {
  return () => {
    const { destination } = buffer.packet;
    if (destination.bits >> 118n === 0x3fan || destination.bits >> 120n === 0xffn) return undefined;
    const route = namespace.route({ ...routeKey(buffer.packet), inInterface: 'lo' }, walk.choices);
    if (route.kind === 'unicast' && route.device === device.name && route.gateway === undefined)
      return undefined;
    const lost = endSilently('dropped', { namespace, device: device.name, buffer });
    if (WITHOUT_WAY.has(route.kind)) return lost;
    const text = `a rule marks neighbour advertisements that leave by ${device.name}, and so gives them another route`;
    return walk.choices.unsure({ ...device.place, text, isMissing: false }, 2) === 0 ? undefined : lost;
  };
}

/** Where a message went instead; what does not end there is not followed. */
function asEnd(
  next: Next,
  { namespace, device }: Pick<Station, 'namespace'> & { readonly device: Station['device'] | undefined },
  buffer: Buffer,
): End {
  return isEnd(next)
    ? next
    : endSilently('unknown', { namespace, buffer, ...(device === undefined ? {} : { device: device.name }) });
}
