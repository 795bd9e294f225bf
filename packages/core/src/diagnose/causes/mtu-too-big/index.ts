import type { CauseDefinition } from '../cause.ts';
import { isLost } from '../shared/ends.ts';
import { findLostPacket } from './lost-packet.ts';
import { findNarrowLinks } from './narrow-links.ts';

/** A link on the way that takes smaller packets than the sender makes. */
export const mtuTooBig: CauseDefinition = {
  id: 'mtu-too-big',
  title: 'packets are too big for the way',
  find(leg, { network }) {
    const lost = findLostPacket(leg, network);
    if (lost.length > 0) return lost;
    return isLost(leg) || leg.direction === 'name-lookup' ? [] : findNarrowLinks(leg, network);
  },
};
