import { type NumberRange, rangeContains } from '../../net/number-range.ts';
import { hasPorts } from '../../net/protocol.ts';
import { type TestResult, unsure } from '../firewall/verdict.ts';
import type { Packet } from '../model/packet.ts';

/** Ports that Linux takes for outgoing connections unless told otherwise (`net.ipv4.ip_local_port_range`). */
const EPHEMERAL: NumberRange = { first: 32_768, last: 60_999 };

/**
 * Whether a port of the packet lies in one of the ranges. The port of who asks is an ephemeral one where nobody gave it; masquerading
 * at random may choose others, with a chance too small to leave an answer open for.
 */
export function hasPortIn(
  packet: Packet,
  which: 'sourcePort' | 'destinationPort',
  ranges: readonly NumberRange[],
): TestResult {
  if (!hasPorts(packet.protocol)) return false;
  const port = packet[which];
  if (port !== undefined) return ranges.some((range) => rangeContains(range, port));
  const isOfAsker = (which === 'destinationPort') === (packet.isAnswer === true);
  if (!isOfAsker) return unsure('the question names no port');
  if (ranges.some(({ first, last }) => first <= EPHEMERAL.first && last >= EPHEMERAL.last)) return true;
  const touches = ranges.some(({ first, last }) => first <= EPHEMERAL.last && last >= EPHEMERAL.first);
  return touches ? unsure('the question names no source port') : false;
}
