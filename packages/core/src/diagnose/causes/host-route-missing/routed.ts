import type { RouteResult } from '../../../datapath/elements/routing/lookup.ts';
import type { Namespace } from '../../../datapath/model/namespace.ts';
import type { Network } from '../../../datapath/model/network.ts';
import type { Packet } from '../../../datapath/model/packet.ts';
import { routeKey } from '../../../datapath/walk/send.ts';
import { veth } from '../../../datapath/walk/veth.ts';
import type { Leg } from '../cause.ts';
import type { Home } from '../shared/home.ts';
import { isAddressOfNode } from '../shared/peers.ts';
import { podLinkOf } from '../shared/pod-link.ts';

/** A decision of a node's own routes about the packet outside of any tunnel. */
export interface Routed {
  readonly host: Namespace;
  /** As it was routed, addresses translated. */
  readonly packet: Packet;
  readonly route: RouteResult;
  /** The node that took the packet up next. */
  readonly next: string | undefined;
}

/** All decisions of the routes of nodes on the way of a leg, in their order. */
export function routedBy({ trail: { hops, end } }: Leg): readonly Routed[] {
  return hops.flatMap((hop, index): readonly Routed[] => {
    const host = hop.namespace;
    if (hop.kind === 'transmit' || hop.inner !== undefined || host.name !== '') return [];
    const after = hops[index + 1];
    const left = after?.kind === 'transmit' && after.namespace === host ? after : undefined;
    if (left === undefined && after !== undefined) return [];
    const packet = left?.packet ?? end.packet;
    const inInterface = hop.kind === 'send' ? 'lo' : (hop.device ?? '');
    const next = left === undefined ? undefined : hops[index + 2];
    return [
      {
        host,
        packet,
        route: host.route({ ...routeKey(packet), inInterface }),
        next: next?.namespace.node,
      },
    ];
  });
}

/** Whether the route taken leads to where the address lives, or may do. */
export function leadsTo(network: Network, { host, packet, route, next }: Routed, home: Home): boolean {
  if (route.kind === 'unknown') return true;
  if (route.kind === 'local' || route.kind === 'broadcast') return true;
  if (route.kind !== 'unicast') return false;
  if (home.node !== host.node) {
    if (route.gateway === undefined)
      return route.entry.length > 0 && !isToOwnPod(network, host, route.device);
    return next === home.node || isAddressOfNode(network, home.node, route.gateway);
  }
  const link =
    home.namespace === undefined ? undefined : podLinkOf(network, home.namespace, packet.destination);
  if (link?.far === undefined) return route.entry.length > 0;
  return route.device === link.far.device.name || route.device === link.bridge?.name;
}

/** Whether an interface of a node is the end of a link to a pod on it. */
function isToOwnPod(network: Network, host: Namespace, name: string): boolean {
  const device = host.interface(name);
  if (device?.link.kind !== 'veth') return false;
  const far = veth(network, host, device);
  return far !== undefined && far.namespace.name !== '';
}
