import type { Cause } from '../../model/diagnosis.ts';
import type { Leg } from '../cause.ts';
import { lastHop } from '../shared/ends.ts';
import { placeName, subjectOf } from '../shared/place.ts';
import { type Sender, senderOf, shrink } from './sender.ts';

/** The packet of the question did not fit. */
export function findLostPacket(leg: Leg): readonly Cause[] {
  const { end, steps, sent } = leg.trail;
  const { namespace, device } = end;
  const last = lastHop(leg);
  const own = device === undefined ? undefined : namespace.interface(device);
  const outer = last?.inner === undefined ? 0 : last.packet.size - last.inner.size;
  const limit = own?.mtu === undefined ? undefined : own.mtu - outer;
  const sender = senderOf(leg);
  const isWider = sender !== undefined && limit !== undefined && sender.mtu > limit;
  const tunnel = outer === 0 ? '' : `, of which the tunnel needs ${outer}`;
  const why = isWider
    ? ` ${sender.device.name} in ${placeName(sender.namespace)} has an MTU of ${sender.mtu}, so the sender takes such packets for possible.`
    : '';
  return [
    {
      cause: 'mtu-too-big',
      effect: 'blocks',
      direction: leg.direction,
      subject: subjectOf(isWider ? sender.namespace : namespace),
      text: `A packet of ${sent.size} bytes does not fit through ${device ?? 'the interface'} of ${placeName(namespace)}, which takes ${own?.mtu ?? 'fewer'}${tunnel}.${why}`,
      evidence: [...(steps.at(-1)?.evidence ?? []), ...(isWider ? [sender.device.place] : [])],
      remedies: remediesFor(sender, limit, isWider),
    },
  ];
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
