import { placeOfRoute } from '../../../datapath/convert/routing.ts';
import { describeRoute, type RouteResult } from '../../../datapath/elements/routing/lookup.ts';
import type { Namespace } from '../../../datapath/model/namespace.ts';
import type { Packet } from '../../../datapath/model/packet.ts';
import type { Evidence } from '../../../model/evidence.ts';
import { formatAddress } from '../../../net/address.ts';
import type { CauseRemedy } from '../../model/diagnosis.ts';
import type { CauseDefinition, DiagnosisContext } from '../cause.ts';
import { lastHop } from '../shared/ends.ts';
import {
  describeExpected,
  type ExpectedRoute,
  expectedRoute,
  routeCommand,
} from '../shared/expected-route.ts';
import { homeOf } from '../shared/home.ts';
import { placeName, whereOf } from '../shared/place.ts';
import { interfaceKey, placeOfSetting } from '../shared/settings.ts';

/** A node that drops packets because it would answer them by another interface. */
export const rpFilter: CauseDefinition = {
  id: 'rp-filter',
  title: 'reverse path filter',
  find(leg, context) {
    const { end } = leg.trail;
    const { namespace, device } = end;
    if (end.reason !== 'rp-filter' || device === undefined) return [];
    const last = lastHop(leg);
    const packet = last?.inner === undefined ? end.packet : last.packet;
    const { source } = packet;
    const mode = namespace.settings.greater('rp_filter', device);
    const back = namespace.route({ destination: source, mark: 0, inInterface: 'lo' });
    const answer = back.kind === 'unicast' ? `would go by "${describeRoute(back)}"` : 'have no route';
    return [
      {
        cause: 'rp-filter',
        effect: 'blocks',
        direction: leg.direction,
        subject: { kind: 'node', name: namespace.node },
        text: `rp_filter is ${mode ?? 'on'} for ${device} on ${placeName(namespace)}, which drops packets from ${formatAddress(source)} that come in there, because answers ${answer}.`,
        evidence: evidenceOf(namespace, device, back),
        remedies: [loosen(namespace, device, back), ...changeRoute(context, namespace, device, packet)],
      },
    ];
  },
};

/** The settings that made the mode, and the route that answers would take. */
function evidenceOf(namespace: Namespace, device: string, back: RouteResult): readonly Evidence[] {
  const keys = keysAbove(namespace, device, 0).map((key) =>
    placeOfSetting(namespace, key.replaceAll('/', '.')),
  );
  const settings = keys.length > 0 ? keys : [{ file: namespace.settings.file }];
  return [...settings, ...('entry' in back ? [placeOfRoute(back.entry)] : [])];
}

/** The kernel takes the greater one of the values for all interfaces and for this one. */
function keysAbove({ settings }: Namespace, device: string, limit: number): readonly string[] {
  return ['all', device]
    .map((name) => interfaceKey(name, 'rp_filter'))
    .filter((key) => (settings.number(key.replaceAll('/', '.')) ?? 0) > limit);
}

/**
 * Mode 2 is the greater one whatever stands for all interfaces. It passes what any interface could answer, unless the interface
 * has no address of its own (net/ipv4/fib_frontend.c, `__fib_validate_source`).
 */
function loosen(namespace: Namespace, device: string, back: RouteResult): CauseRemedy {
  const hasAddress =
    namespace.interface(device)?.addresses.some(({ address }) => address.family === 4) === true;
  const isLoose = hasAddress && back.kind === 'unicast';
  const settings = isLoose
    ? [`${interfaceKey(device, 'rp_filter')}=2`]
    : keysAbove(namespace, device, 0).map((key) => `${key}=0`);
  const content = settings.map((setting) => `${setting.replace('=', ' = ')}\n`).join('');
  return {
    kind: 'set-sysctl',
    text: isLoose
      ? `Let ${device} take packets that any interface could answer.`
      : `Turn the filter off for ${device}.`,
    command: `sysctl -w ${settings.join(' ')}`,
    where: whereOf(namespace),
    sideEffects: isLoose
      ? `Packets with a false source get in by ${device} if some route leads to that source.`
      : 'Packets with a false source are no longer dropped by the kernel.',
    ...(namespace.name === '' ? { files: [{ path: '/etc/sysctl.d/90-rp-filter.conf', content }] } : {}),
  };
}

/** The routes of both nodes should lead the same way: here for answers, or there for what came. */
function changeRoute(
  { network }: DiagnosisContext,
  namespace: Namespace,
  device: string,
  { source, destination }: Packet,
): readonly CauseRemedy[] {
  const home = homeOf(network, source);
  const sender = home === undefined ? undefined : network.nodes.get(home.node)?.host;
  if (home?.isPod !== true || sender === undefined || home.node === namespace.node || namespace.name !== '') {
    return [];
  }
  const back = expectedRoute(network, namespace, home.node, source);
  if (back?.device.name === device) return [setRoute(namespace, back, 'give answers')];
  const forth = expectedRoute(network, sender, namespace.node, destination);
  const used = sender.route({ destination, mark: 0, inInterface: 'lo' });
  if (forth === undefined || used.kind !== 'unicast' || used.device === forth.device.name) return [];
  return [setRoute(sender, forth, 'send the packets')];
}

function setRoute(namespace: Namespace, route: ExpectedRoute, what: string): CauseRemedy {
  return {
    kind: 'node-command',
    text: `Or let ${namespace.node} ${what} by ${describeExpected(route)}, as packets go the other way round.`,
    command: routeCommand(route),
    where: whereOf(namespace),
  };
}
