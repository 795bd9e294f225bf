import type { Namespace } from '../../../datapath/model/namespace.ts';
import { formatAddress, type IpAddress, isSameAddress } from '../../../net/address.ts';
import type { Cause, CauseRemedy } from '../../model/diagnosis.ts';
import type { DiagnosisContext, Leg } from '../cause.ts';
import { placeName, subjectOf, whereOf } from '../shared/place.ts';
import { removeCommand } from '../shared/remove-route.ts';

/** The destination is carried by two namespaces. */
export function findSecondOwner(leg: Leg, context: DiagnosisContext): readonly Cause[] {
  const { destination } = leg.trail.end.packet;
  const owners = context.network.ownersOf(destination);
  if (owners.length < 2 || !owners.some(({ name }) => name !== '')) return [];
  const right = rightOwner(leg, context, owners, destination);
  const wrong = owners.find((owner) => owner !== right);
  if (wrong === undefined) return [];
  const isWrongEnd =
    right !== undefined && leg.trail.end.namespace !== right && owners.includes(leg.trail.end.namespace);
  const text = formatAddress(destination);
  const names = owners.map(placeName).join(' and ');
  const whose = right === undefined ? '' : ` It belongs to ${placeName(right)}.`;
  const outcome = isWrongEnd
    ? `, and the packet ended in ${placeName(leg.trail.end.namespace)}.`
    : '; which of them gets a packet depends on where it comes from.';
  const loser = isWrongEnd ? leg.trail.end.namespace : wrong;
  return [
    {
      cause: 'address-conflict',
      effect: isWrongEnd ? 'blocks' : 'hazard',
      direction: leg.direction,
      subject: subjectOf(loser),
      text: `${text} is on ${names}${outcome}${whose}`,
      evidence: owners.flatMap((owner) => owner.interfaceWith(destination)?.place ?? []),
      remedies: remediesOf(leg, loser, right, destination),
    },
  ];
}

/** Whose the address is: the one pod whose object has it, else, for an answer, who asked. */
function rightOwner(
  leg: Leg,
  { asked, network }: DiagnosisContext,
  owners: readonly Namespace[],
  destination: IpAddress,
): Namespace | undefined {
  const { start, packet } = asked;
  const pods = (network.objects('pods') ?? []).flatMap(({ object }) => {
    const pod = network.pod(object.metadata.namespace ?? '', object.metadata.name);
    const isOwner = pod?.addresses.some((own) => isSameAddress(own, destination)) === true;
    return pod !== undefined && isOwner && !pod.isOver && !pod.isHostNetwork ? [pod] : [];
  });
  const [pod, ...others] = pods;
  if (pod === undefined || others.length > 0) {
    const isAnswer = leg.direction === 'reply' && start.device === undefined;
    return isAnswer && isSameAddress(packet.source, destination) ? start.namespace : undefined;
  }
  return owners.find(({ name, node }) => name === `${pod.namespace}_${pod.name}` && node === pod.node);
}

function remediesOf(
  leg: Leg,
  loser: Namespace,
  right: Namespace | undefined,
  destination: IpAddress,
): readonly CauseRemedy[] {
  const later: CauseRemedy = {
    kind: 'manual',
    text: 'Delete the pod that should not have the address. Find how it got it: address pools that overlap, addresses released while in use, or an address set by hand.',
  };
  const found = loser.interfaceWith(destination);
  const own = found?.addresses.find(({ address }) => isSameAddress(address, destination));
  if (right === undefined || found === undefined || own === undefined) return [later];
  const takeOff: CauseRemedy = {
    kind: 'node-command',
    text: `Take the address off ${found.name} in ${placeName(loser)}.`,
    command: `ip addr del ${formatAddress(destination)}/${own.prefixLength} dev ${found.name}`,
    where: whereOf(loser),
  };
  return [...removeRoute(leg, loser, right, destination), takeOff, later];
}

/** The node's route to the wrong one goes first: without it packets of others find the right one. */
function removeRoute(
  { trail: { hops } }: Leg,
  loser: Namespace,
  right: Namespace,
  destination: IpAddress,
): readonly CauseRemedy[] {
  const last = hops.findLast(({ kind, namespace }) => kind === 'transmit' && namespace.name === '');
  if (last === undefined || loser.name === '' || last.namespace.node === right.node) return [];
  const route = last.namespace.route({ destination, mark: 0, inInterface: 'lo' });
  if (route.kind !== 'unicast' || route.entry.length < (destination.family === 4 ? 32 : 128)) return [];
  const command = removeCommand(route, destination);
  if (command === undefined) return [];
  return [
    {
      kind: 'node-command',
      text: `Take away the route of ${last.namespace.node} to ${placeName(loser)}.`,
      command,
      where: whereOf(last.namespace),
    },
  ];
}
