import type { Interface } from '../../../datapath/convert/interfaces.ts';
import type { Network } from '../../../datapath/model/network.ts';
import { veth } from '../../../datapath/walk/veth.ts';
import type { Hop } from '../../../datapath/walk/walk.ts';
import { PROTOCOL } from '../../../net/protocol.ts';
import type { Cause } from '../../model/diagnosis.ts';
import type { Leg } from '../cause.ts';
import { placeName, subjectOf } from '../shared/place.ts';
import { senderOf, shrink } from './sender.ts';

/** A link on the way, and the largest packet of the sender that it takes. */
interface Narrow {
  readonly device: Interface;
  readonly place: string;
  readonly limit: number;
  readonly text: string;
}

/** The narrowest link on the way of a small packet, where larger ones of the same sender would not pass. */
export function findNarrowLinks(leg: Leg, network: Network): readonly Cause[] {
  const sender = senderOf(leg);
  // A node's own card often takes more than pods do, and what it sends to them is fitted to their way.
  if (sender === undefined || sender.namespace.name === '') return [];
  const largest = Math.min(sender.mtu, segmentLimit(leg));
  const narrow = leg.trail.hops
    .flatMap((hop) => limitsAt(hop, network))
    .filter(({ limit }) => limit < largest)
    .sort((left, right) => left.limit - right.limit)[0];
  if (narrow === undefined) return [];
  const { limit, device, place, text } = narrow;
  return [
    {
      cause: 'mtu-too-big',
      effect: 'hazard',
      direction: leg.direction,
      subject: subjectOf(sender.namespace),
      text: `Packets over ${limit} bytes do not get through ${device.name} of ${place}${text}, and ${sender.device.name} in ${placeName(sender.namespace)} sends up to ${largest}. Small ones pass; large ones are lost where the sender does not learn of it.`,
      evidence: [device.place, sender.device.place],
      remedies: shrink(sender, limit),
    },
  ];
}

/** TCP tells the other side what its own interface takes, and neither sends more. */
function segmentLimit({ trail: { end } }: Leg): number {
  const own = end.device === undefined ? undefined : end.namespace.interface(end.device);
  if (end.packet.protocol !== PROTOCOL.tcp || end.disposition !== 'delivered')
    return Number.POSITIVE_INFINITY;
  return own?.mtu ?? Number.POSITIVE_INFINITY;
}

/** What a device takes, and, for a veth, what its other end takes: it drops larger ones without a word (`is_skb_forwardable`). */
function limitsAt(
  { kind, namespace, device: name, packet, inner }: Hop,
  network: Network,
): readonly Narrow[] {
  const device = name === undefined || kind !== 'transmit' ? undefined : namespace.interface(name);
  if (device === undefined) return [];
  const overhead = inner === undefined ? 0 : packet.size - inner.size;
  // The kernel cuts up the packets of a VXLAN device that are too large for the card.
  if (inner !== undefined && !packet.dontFragment) return [];
  const far = device.link.kind === 'veth' ? veth(network, namespace, device) : undefined;
  const ends = [
    { device, namespace },
    ...(far === undefined ? [] : [{ device: far.device, namespace: far.namespace }]),
  ];
  return ends.flatMap((end): readonly Narrow[] =>
    end.device.mtu === undefined
      ? []
      : [
          {
            device: end.device,
            place: placeName(end.namespace),
            limit: end.device.mtu - overhead,
            text: overhead === 0 ? '' : ` (MTU ${end.device.mtu}, of which the tunnel needs ${overhead})`,
          },
        ],
  );
}
