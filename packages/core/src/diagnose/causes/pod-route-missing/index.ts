import { placeOfRoute } from '../../../datapath/convert/routing.ts';
import { describeRoute, type RouteResult } from '../../../datapath/elements/routing/lookup.ts';
import { routeKey } from '../../../datapath/walk/send.ts';
import { formatAddress } from '../../../net/address.ts';
import { prefixContains, prefixOf } from '../../../net/prefix.ts';
import type { CauseRemedy } from '../../model/diagnosis.ts';
import type { CauseDefinition, Leg } from '../cause.ts';
import { isAstray, isLost, lastHop, lastLink } from '../shared/ends.ts';
import { placeName, subjectOf, whereOf } from '../shared/place.ts';
import { type PodLink, podLinkOf } from '../shared/pod-link.ts';
import { type PodGateway, podGateway, podRouteCommands } from '../shared/pod-routes.ts';
import { removeCommand } from '../shared/remove-route.ts';

/** A pod without a route to its gateway or by it, or with one that leads elsewhere. */
export const podRouteMissing: CauseDefinition = {
  id: 'pod-route-missing',
  title: 'route inside the pod is missing',
  find(leg, { network }) {
    const { end, steps } = leg.trail;
    const { namespace, packet } = end;
    if (namespace.name === '' || !isAstray(leg)) return [];
    const link = podLinkOf(network, namespace, packet.source);
    if (link === undefined) return [];
    const gateway = podGateway(network, link, packet.destination.family);
    const route = namespace.route({ ...routeKey(packet), inInterface: 'lo' });
    if (route.kind === 'unknown') return [];
    const isRouteless = isLost(leg) && lastHop(leg)?.kind === 'send' && isNowhere(route);
    if (!isRouteless && !goesElsewhere(leg, link, gateway)) return [];
    const wrong = removeCommand(route, packet.destination);
    const taken = route.kind === 'none' ? 'no route matches' : `its route is "${describeRoute(route)}"`;
    const should =
      gateway === undefined
        ? ''
        : ` It should have a default route via ${formatAddress(gateway.address)}; ${gateway.proof}.`;
    return [
      {
        cause: 'pod-route-missing',
        effect: 'blocks',
        direction: leg.direction,
        subject: subjectOf(namespace),
        text: `Packets from ${placeName(namespace)} to ${formatAddress(packet.destination)} do not reach its gateway: ${taken}.${should}`,
        evidence: 'entry' in route ? [placeOfRoute(route.entry)] : (steps.at(-1)?.evidence ?? []),
        remedies: remediesOf(link, gateway, wrong),
      },
    ];
  },
};

function isNowhere({ kind }: RouteResult): boolean {
  return kind === 'none' || kind === 'unreachable' || kind === 'blackhole' || kind === 'prohibit';
}

/** The packet went to another next hop than the gateway, and not to a neighbour on the pod's own network either. */
function goesElsewhere(leg: Leg, link: PodLink, gateway: PodGateway | undefined): boolean {
  const last = lastLink(leg);
  if (last === undefined || gateway === undefined || last.device !== link.device.name) return false;
  if (last.nextHop.bits === gateway.address.bits) return false;
  const { nextHop } = last;
  return (
    !(link.bridge?.addresses ?? []).some(({ address, prefixLength }) =>
      prefixContains(prefixOf(address, prefixLength), nextHop),
    ) || last.packet.destination.bits !== nextHop.bits
  );
}

function remediesOf(
  link: PodLink,
  gateway: PodGateway | undefined,
  wrong: string | undefined,
): readonly CauseRemedy[] {
  const later: CauseRemedy = {
    kind: 'manual',
    text: 'Find the program in the pod, or the one that enters its network namespace, that changed the routes; a new pod has them again.',
  };
  if (gateway === undefined) return [later];
  const commands = podRouteCommands(link, gateway);
  return [
    {
      kind: 'node-command',
      text: `Set the routes of the pod again.`,
      command: [...(wrong === undefined ? [] : [wrong]), ...commands].join(' && '),
      where: whereOf(link.namespace),
      persistence: 'For the life of the pod.',
    },
    later,
  ];
}
