import type { Interface } from '../../../datapath/convert/interfaces.ts';
import type { Namespace } from '../../../datapath/model/namespace.ts';
import type { Network } from '../../../datapath/model/network.ts';
import { veth } from '../../../datapath/walk/veth.ts';
import type { Cause } from '../../model/diagnosis.ts';
import type { Leg } from '../cause.ts';
import { isLost, lastHop, lastLink } from '../shared/ends.ts';
import { placeName, subjectOf } from '../shared/place.ts';
import { type Sender, senderOf, shrink } from './sender.ts';

/** Where a packet did not fit. */
interface Obstacle {
  readonly namespace: Namespace;
  readonly device: Interface;
  /** Bytes that a tunnel needs of what the device takes. */
  readonly overhead: number;
}

/** The packet of the question did not fit. */
export function findLostPacket(leg: Leg, network: Network): readonly Cause[] {
  const obstacle = leg.trail.end.disposition === 'too-big' ? narrowExit(leg) : narrowFarEnd(leg, network);
  return obstacle === undefined ? [] : [causeOf(leg, obstacle)];
}

function narrowExit(leg: Leg): Obstacle | undefined {
  const { namespace, device: name } = leg.trail.end;
  const last = lastHop(leg);
  const device = name === undefined ? undefined : namespace.interface(name);
  if (device === undefined) return undefined;
  return { namespace, device, overhead: last?.inner === undefined ? 0 : last.packet.size - last.inner.size };
}

/** The other end of a veth takes less and drops the packet without a word. */
function narrowFarEnd(leg: Leg, network: Network): Obstacle | undefined {
  const last = lastLink(leg);
  const own = last?.namespace.interface(last.device);
  if (!isLost(leg) || leg.trail.end.reason !== undefined || last === undefined || own?.link.kind !== 'veth') {
    return undefined;
  }
  const far = veth(network, last.namespace, own);
  if (far?.device.mtu === undefined || !far.device.isUp || last.packet.size <= far.device.mtu)
    return undefined;
  return { ...far, overhead: last.inner === undefined ? 0 : last.packet.size - last.inner.size };
}

function causeOf(leg: Leg, { namespace, device, overhead: outer }: Obstacle): Cause {
  const { steps, sent } = leg.trail;
  const limit = device.mtu === undefined ? undefined : device.mtu - outer;
  const sender = senderOf(leg);
  const isWider = sender !== undefined && limit !== undefined && sender.mtu > limit;
  const tunnel = outer === 0 ? '' : `, of which the tunnel needs ${outer}`;
  const why = isWider
    ? ` ${sender.device.name} in ${placeName(sender.namespace)} has an MTU of ${sender.mtu}, so the sender takes such packets for possible.`
    : '';
  return {
    cause: 'mtu-too-big',
    effect: 'blocks',
    direction: leg.direction,
    subject: subjectOf(isWider ? sender.namespace : namespace),
    text: `A packet of ${sent.size} bytes does not fit through ${device.name} of ${placeName(namespace)}, which takes ${device.mtu ?? 'fewer'}${tunnel}.${why}`,
    evidence: [...(steps.at(-1)?.evidence ?? []), ...(isWider ? [sender.device.place] : [])],
    remedies: remediesFor(sender, limit, isWider),
  };
}

function remediesFor(
  sender: Sender | undefined,
  limit: number | undefined,
  isWider: boolean,
): Cause['remedies'] {
  if (sender !== undefined && limit !== undefined && isWider) return shrink(sender, limit);
  const size = limit === undefined ? 'fewer' : `at most ${limit}`;
  return [
    {
      kind: 'manual',
      text: `Send packets of ${size} bytes; the sender's own interface takes no more either.`,
    },
  ];
}
