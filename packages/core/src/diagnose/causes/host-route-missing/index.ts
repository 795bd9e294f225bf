import { placeOfRoute } from '../../../datapath/convert/routing.ts';
import { describeRoute, type RouteResult } from '../../../datapath/elements/routing/lookup.ts';
import { formatAddress, type IpAddress } from '../../../net/address.ts';
import type { Cause, CauseRemedy } from '../../model/diagnosis.ts';
import type { CauseDefinition, DiagnosisContext, Leg } from '../cause.ts';
import { rewriteByAgent } from '../shared/agent.ts';
import { isAstray, isLost } from '../shared/ends.ts';
import { describeExpected, expectedRoute, routeCommand } from '../shared/expected-route.ts';
import { type Home, homeOf } from '../shared/home.ts';
import { whereOf } from '../shared/place.ts';
import { entryOf, removeCommand } from '../shared/remove-route.ts';
import { findConnectedRoute } from './connected-route.ts';
import { podRoute } from './pod-route.ts';
import { leadsTo, type Routed, routedBy } from './routed.ts';
import { wayBack } from './way-back.ts';

/** A route that should be there. */
export interface WantedRoute {
  readonly text: string;
  readonly command: string;
  /** What shows that it should be there, where something does. */
  readonly proof?: string;
}

/** A node without a route to a pod, or with one that leads elsewhere. */
export const hostRouteMissing: CauseDefinition = {
  id: 'host-route-missing',
  title: 'route is missing on the node',
  find(leg, context) {
    if (!isAstray(leg)) return [];
    const back = wayBack(leg);
    if (back !== undefined) {
      const home = homeOf(context.network, back.routed.packet.destination);
      if (home?.isPod !== true || leadsTo(context.network, back.routed, home)) return [];
      return podCause(leg, context, back.routed, home).map((cause) => ({
        ...cause,
        text: `${cause.text} So a rule that tests the way back drops what comes from there.`,
        evidence: [...cause.evidence, back.place],
      }));
    }
    for (const routed of routedBy(leg)) {
      const home = homeOf(context.network, routed.packet.destination);
      if (home?.isPod === true && !leadsTo(context.network, routed, home)) {
        return podCause(leg, context, routed, home);
      }
    }
    return findConnectedRoute(leg);
  },
};

function podCause(leg: Leg, context: DiagnosisContext, routed: Routed, home: Home): readonly Cause[] {
  const { host, route } = routed;
  const wanted = wantedRoute(context, routed, home);
  const hasOther = route.kind === 'unicast';
  // A route by a router that was not collected is wrong only where it is known what it should be.
  if (hasOther && wanted === undefined) return [];
  if (!isLost(leg) && wanted?.proof === undefined) return [];
  const address = formatAddress(routed.packet.destination);
  const where = home.node === host.node ? 'on the same node' : `on ${home.node}`;
  const proof = wanted?.proof === undefined ? '' : `; ${wanted.proof}`;
  const should = wanted === undefined ? '' : ` It should be ${wanted.text}${proof}.`;
  return [
    {
      cause: 'host-route-missing',
      effect: 'blocks',
      direction: leg.direction,
      subject: { kind: 'node', name: host.node },
      text: `${host.node} has no route that leads to ${address} (${home.name} ${where}): ${taken(route)}.${should}`,
      evidence: [...evidenceOf(routed), ...home.evidence],
      remedies: remediesOf(context, routed, wanted),
    },
  ];
}

function wantedRoute(
  { network }: DiagnosisContext,
  { host, packet, route }: Routed,
  home: Home,
): WantedRoute | undefined {
  if (home.node === host.node) return podRoute(network, host, home, packet.destination);
  const expected = expectedRoute(network, host, home.node, packet.destination);
  if (expected === undefined) return undefined;
  const { proof } = expected;
  return {
    text: describeExpected(expected),
    command: [...overriding(route, packet.destination, expected.prefix.length), routeCommand(expected)].join(
      ' && ',
    ),
    ...(proof === undefined ? {} : { proof }),
  };
}

/** A wrong route that is more specific than the right one would go on taking the packets. */
function overriding(route: RouteResult, destination: IpAddress, length: number): readonly string[] {
  const wrong = entryOf(route);
  const command =
    wrong === undefined || wrong.length <= length ? undefined : removeCommand(route, destination);
  return command === undefined ? [] : [command];
}

function taken(route: RouteResult): string {
  switch (route.kind) {
    case 'none':
      return 'no route matches';
    case 'unicast':
    case 'local':
    case 'broadcast':
      return `packets take ${describeRoute(route)}`;
    default:
      return `"${describeRoute(route)}" takes the packets and drops them`;
  }
}

function evidenceOf({ host, route, packet }: Routed) {
  if ('entry' in route) return [placeOfRoute(route.entry)];
  if ('place' in route && route.place !== undefined) return [route.place];
  return [{ file: host.routing(packet.destination.family).routeFile }];
}

function remediesOf(
  { network }: DiagnosisContext,
  { host }: Routed,
  wanted: WantedRoute | undefined,
): readonly CauseRemedy[] {
  const rewrite = rewriteByAgent(network, host.node, 'the routes to pods');
  if (wanted === undefined) return [rewrite];
  const text = `Set the route ${wanted.text}.`;
  return [
    {
      kind: 'node-command',
      text,
      command: wanted.command,
      where: whereOf(host),
      persistence: 'Until the node reboots, or the network plugin writes its routes again.',
    },
    rewrite,
  ];
}
