import type { Interface } from '../convert/interfaces.ts';
import { placeIn } from '../convert/namespace-evidence.ts';
import { arriveAt, scrub } from './arrive-at.ts';
import { passUntaken } from './bridge.ts';
import { isIsolatedFrom, noteVlans } from './bridge-ports.ts';
import { type Addressee, findStation, stationName } from './find-station.ts';
import { isTooLong, sizeOf } from './frame-size.ts';
import { nobody } from './nobody.ts';
import { resolveNeighbour } from './resolve-neighbour.ts';
import { segmentOf } from './stations.ts';
import type { Station } from './veth.ts';
import { addStep, type End, end, isEnd, type Next, type Walk } from './walk.ts';

type Transmission = Extract<Next, { kind: 'transmit' }>;

/** Hands a packet over an ordinary link: to whoever has the hardware address, or answers for the next hop. */
export function cross(walk: Walk, sending: Transmission, own: Interface): Next {
  const { namespace, device, nextHop, buffer } = sending;
  const entry = namespace.neighbour(device, nextHop);
  for (const damage of walk.network.stationDamage) walk.choices.unsure(damage, 1);
  const segment = segmentOf(walk.network, namespace, own, {
    addresses: [nextHop, buffer.packet.destination],
    ...(entry?.mac === undefined ? {} : { mac: entry.mac }),
  });
  const link: Addressee = { ...sending, own, entry, segment };
  const station = findStation(walk, link);
  if (station === undefined) {
    // A frame for a hardware address that nobody has goes as far as the bridge.
    return entry?.mac === undefined || segment.bridge === undefined
      ? nobody(walk, link)
      : passUntaken(walk, scrub(buffer), segment.bridge, () => nobody(walk, link));
  }
  if (isEnd(station)) return station;
  if (isIsolatedFrom(station)) {
    return end(walk, entry?.mac === undefined ? 'neighbor-unreachable' : 'dropped', sending, {
      element: 'bridge',
      detail: `${station.bridge?.device.name} passes nothing from one isolated port to another`,
      evidence: [station.bridge?.device.place ?? own.place],
    });
  }
  const unanswered = resolveNeighbour(walk, link, station);
  if (unanswered !== undefined) return unanswered;
  noteVlans(walk, own);
  const file = namespace.neighbours(nextHop.family)?.file ?? '';
  addStep(walk, namespace, {
    element: 'link',
    action: 'transmit',
    detail: `by ${device} to ${stationName(station)}`,
    evidence: [own.place, ...(entry === undefined ? [] : [placeIn(file, entry)])],
  });
  return tooLongFor(walk, sending, own, station) ?? arriveAt(walk, sending, station);
}

/** The other end of a veth pair takes no frames that are longer than its own MTU says. */
function tooLongFor(
  walk: Walk,
  { buffer, namespace, device }: Transmission,
  own: Interface,
  station: Station,
): End | undefined {
  if (own.link.kind !== 'veth') return undefined;
  const { bridge } = station;
  const far = bridge === undefined ? station.device : bridge.namespace.interface(bridge.inPort);
  if (far?.link.kind !== 'veth' || !isTooLong(buffer.packet, far)) return undefined;
  return end(
    walk,
    'dropped',
    { namespace, device, buffer },
    {
      element: 'link',
      detail: `${far.name}, the other end of ${device}, takes ${far.mtu} bytes, not ${sizeOf(buffer.packet)}`,
      evidence: [far.place],
    },
  );
}
