import type { CauseDefinition } from '../cause.ts';
import { isLost } from '../shared/ends.ts';
import { findLostPacket } from './lost-packet.ts';
import { findNarrowLinks } from './narrow-links.ts';

/** A link on the way that takes smaller packets than the sender makes. */
export const mtuTooBig: CauseDefinition = {
  id: 'mtu-too-big',
  title: 'packets are too big for the way',
  find(leg, { network }) {
    if (leg.trail.end.disposition === 'too-big') return findLostPacket(leg);
    return isLost(leg) || leg.direction === 'name-lookup' ? [] : findNarrowLinks(leg, network);
  },
};
