import type { Followed, FollowedPath, Trail } from '../../datapath/follow.ts';
import type { TraceQuestion, TraceRefusal } from '../../datapath/model/answer.ts';
import type { Network } from '../../datapath/model/network.ts';
import { isSameAddress } from '../../net/address.ts';
import type { Member } from './members.ts';

/** What pairs of members come to. */
export type Reach = 'reachable' | 'handed-over' | 'broken' | 'unknown';

/** What became of pairs that are alike: the same object for all of them. */
export interface Outcome {
  readonly reach: Reach;
  /** How all ways of the packet and of its answer end; equal for pairs that end alike. */
  readonly ends: string;
  /** A pair that was walked. */
  readonly from: Member;
  readonly to: Member;
  /** How it went, for pairs that do not arrive; of the others there are too many to keep. */
  readonly followed: Followed | undefined;
  /** What was asked. */
  readonly question: TraceQuestion;
  /** Why the question could not be asked. */
  readonly refusal?: string;
}

/** What a walk shows about a pair. */
export function outcomeOf(
  network: Network,
  from: Member,
  to: Member,
  followed: Followed,
  question: TraceQuestion = questionOf(from, to),
): Outcome {
  const reach = reachOf(network, to, followed);
  const kept = arrives(reach) ? undefined : followed;
  return { reach, ends: endsOf(followed), from, to, followed: kept, question };
}

/** Whether nothing is wrong with such pairs, as far as the evidence goes. */
export function arrives(reach: Reach): boolean {
  return reach === 'reachable' || reach === 'handed-over';
}

/** A pair that can not be asked about. */
export function refused(
  from: Member,
  to: Member,
  { error }: TraceRefusal,
  question: TraceQuestion = questionOf(from, to),
): Outcome {
  const { code, message } = error;
  return { reach: 'unknown', ends: code, from, to, followed: undefined, question, refusal: message };
}

/** The question whether one member reaches the other one. */
export function questionOf(from: Member, to: Member): TraceQuestion {
  return { from: from.from, to: to.to };
}

/** How all ways end, in one order. */
export function endsOf({ paths }: Pick<Followed, 'paths'>): string {
  return paths.map(endOf).sort().join(', ');
}

function endOf({ probability, request, reply }: FollowedPath): string {
  const ends = [request, ...(reply === undefined ? [] : [reply])];
  return `${probability.toFixed(6)} ${ends.map(({ end }) => `${end.disposition} ${end.reason ?? ''}`).join(' / ')}`;
}

function reachOf(network: Network, to: Member, { paths }: Followed): Reach {
  const reaches = new Set(paths.map((path) => pathReach(network, to, path)));
  const [only] = reaches;
  if (only !== undefined && reaches.size === 1) return only;
  return reaches.has('broken') ? 'broken' : 'unknown';
}

function pathReach(network: Network, to: Member, { request, reply }: FollowedPath): Reach {
  // What somebody else takes has not arrived, whatever becomes of the answer.
  if (
    to.kind !== 'service' &&
    request.end.namespace.node !== to.node &&
    request.end.disposition === 'delivered'
  )
    return 'unknown';
  if (isHandedOver(network, request) || (reply !== undefined && isHandedOver(network, reply)))
    return 'handed-over';
  switch ((reply ?? request).end.disposition) {
    case 'delivered':
      return 'reachable';
    case 'left-network':
    case 'unknown':
      return 'unknown';
    default:
      return 'broken';
  }
}

/** The packet came to the pod's own node and went out to the pod, whose namespace was not collected. */
function isHandedOver(network: Network, { end, hops }: Trail): boolean {
  const last = hops.at(-1);
  if (end.disposition !== 'left-network' || last?.nextHop === undefined) return false;
  const pod = network.podWith(end.packet.destination);
  return pod?.node === end.namespace.node && isSameAddress(last.nextHop, end.packet.destination);
}
