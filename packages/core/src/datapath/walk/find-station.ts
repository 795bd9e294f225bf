import { formatAddress } from '../../net/address.ts';
import type { Neighbour } from '../../parsers/ip-neigh/index.ts';
import type { Interface } from '../convert/interfaces.ts';
import { placeIn } from '../convert/namespace-evidence.ts';
import { answersFor, askerOf, carries } from './answers.ts';
import { resolveNeighbour } from './resolve-neighbour.ts';
import { hasMac, type Segment } from './stations.ts';
import type { Station } from './veth.ts';
import { type End, end, type Next, type Walk } from './walk.ts';

/** A packet that is put on a link, with what is known of who should take it. */
export interface Addressee extends Extract<Next, { kind: 'transmit' }> {
  readonly own: Interface;
  /** The neighbour entry of the next hop. */
  readonly entry: Neighbour | undefined;
  readonly segment: Segment;
}

/** Whether an entry says that nobody answered when the kernel last asked. */
export function hasFailed({ state }: Neighbour): boolean {
  return state.includes('FAILED') || state === 'INCOMPLETE';
}

/**
 * Who takes the frame: with a known hardware address whoever has it, else whoever answers for the next hop. Undefined where
 * nobody does; an end where that is what evidence says.
 */
export function findStation(walk: Walk, link: Addressee): Station | End | undefined {
  const { own, entry } = link;
  const mac = entry?.mac;
  if (entry !== undefined && hasFailed(entry)) return silent(walk, link, entry);
  const [certain, doubtful] = byDoubt(link.segment.stations);
  const known = mac === undefined ? [] : onePerNamespace(certain.filter((station) => hasMac(station, mac)));
  const isFixed = mac !== undefined && /PERMANENT|NOARP/.test(entry?.state ?? '');
  if (known.length > 0 || isFixed) {
    return pick(walk, known, own, `have the hardware address ${mac}`) ?? doubt(walk, link, doubtful);
  }
  const found = answering(link, certain);
  return pick(walk, found, own, `answer for ${formatAddress(link.nextHop)}`) ?? doubt(walk, link, doubtful);
}

/** Whether somebody answers for the next hop who surely hangs on the link. */
export function isAnswered(link: Addressee): boolean {
  const [certain] = byDoubt(link.segment.stations);
  return answering(link, certain).length > 0;
}

/**
 * Nobody answered when the kernel last asked. With the next packet it asks again (net/core/neighbour.c, `__neigh_event_send`),
 * so where somebody should answer both may be.
 */
function silent(walk: Walk, link: Addressee, entry: Neighbour): Station | End {
  const { namespace, device, nextHop, own, segment } = link;
  const place = placeIn(namespace.neighbours(nextHop.family)?.file ?? '', entry);
  const detail = `${formatAddress(nextHop)} did not answer on ${device} (${entry.state})`;
  const [certain] = byDoubt(segment.stations);
  const found = answering(link, certain);
  const [first] = found;
  const unanswered = first === undefined && !segment.isOpen ? undefined : resolveNeighbour(walk, link, first);
  if (unanswered !== undefined) return unanswered;
  const isAsked =
    first !== undefined &&
    walk.choices.unsure(
      { ...place, text: `${detail}, although ${stationName(first)} should`, isMissing: false },
      2,
    ) === 1;
  const station = isAsked ? pick(walk, found, own, `answer for ${formatAddress(nextHop)}`) : undefined;
  return (
    station ?? end(walk, 'neighbor-unreachable', link, { element: 'neighbour', detail, evidence: [place] })
  );
}

/**
 * Those who would take the frame, but of whom nothing shows that they hang on this network. What nobody that was collected is
 * known by leads to somebody else.
 */
function doubt(walk: Walk, link: Addressee, doubtful: readonly Station[]): Station | End | undefined {
  const { namespace, device, nextHop, own, entry } = link;
  const mac = entry?.mac;
  const isOwned = walk.network.ownersOf(nextHop).some((owner) => owner !== namespace);
  const found =
    mac === undefined
      ? isOwned
        ? answering(link, doubtful)
        : []
      : onePerNamespace(doubtful.filter((station) => hasMac(station, mac)));
  const [first] = found;
  if (first === undefined) return undefined;
  const detail = `nothing shows that ${device} and ${stationName(first)} hang on the same network`;
  const taken = walk.choices.unsure({ ...own.place, text: detail, isMissing: false }, found.length + 1);
  return (
    found[taken - 1] ??
    end(walk, 'neighbor-unreachable', link, {
      element: 'neighbour',
      detail: `nobody answers for ${formatAddress(nextHop)}: ${detail}`,
      evidence: [own.place, first.device.place],
    })
  );
}

function byDoubt(stations: readonly Station[]): readonly [readonly Station[], readonly Station[]] {
  const certain = stations.filter(({ isDoubtful }) => isDoubtful !== true);
  return [certain, certain.length === stations.length ? [] : stations.filter(({ isDoubtful }) => isDoubtful)];
}

/** Those who answer for the next hop, those that have it on their interface before others. */
function answering(
  { namespace, nextHop, buffer, own }: Addressee,
  stations: readonly Station[],
): readonly Station[] {
  const asker = askerOf(namespace, own, buffer.packet.source, nextHop);
  const found = stations.filter((station) => answersFor(station, nextHop, asker));
  const carrying = found.filter(({ device }) => carries(device, nextHop));
  return onePerNamespace(carrying.length > 0 ? carrying : found);
}

function onePerNamespace(stations: readonly Station[]): readonly Station[] {
  return [
    ...new Map([...stations].reverse().map((station) => [station.namespace, station])).values(),
  ].reverse();
}

/** Where several namespaces take a frame, as with an address that was given out twice, it depends on who is faster. */
function pick(walk: Walk, found: readonly Station[], own: Interface, does: string): Station | undefined {
  const [first, second] = found;
  if (first === undefined || second === undefined) return first;
  const text = `${stationName(first)} and ${stationName(second)} both ${does}`;
  return found[walk.choices.unsure({ ...own.place, text, isMissing: false }, found.length)];
}

/** `eth0 of n1/default_web` */
export function stationName({ namespace, device }: Station): string {
  const place = namespace.name === '' ? namespace.node : `${namespace.node}/${namespace.name}`;
  return `${device.name} of ${place}`;
}
