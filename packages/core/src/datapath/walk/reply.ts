import { isSameAddress } from '../../net/address.ts';
import { reverseFlow } from '../../net/flow.ts';
import { PROTOCOL } from '../../net/protocol.ts';
import { type Packet, TCP_FLAGS } from '../model/packet.ts';
import { runWalk } from './run.ts';
import { describeEnd, type End, end, type Walk } from './walk.ts';

const FIRST_TTL = 64;

/** An answer as it was sent, and what became of it. */
export interface Answered {
  readonly sent: Packet;
  readonly end: End;
}

/**
 * Walks the answer to a packet that was delivered, through the connections that the packet opened.
 * An answer that comes back with another source than the one asked is of no use to who asked.
 */
export function walkReply(walk: Walk, asked: Packet, delivered: End): Answered {
  walk.isReply = true;
  const { namespace } = delivered;
  const sent = replyTo(walk, delivered.packet);
  const reached = runWalk(walk, {
    kind: 'send',
    namespace,
    buffer: { packet: sent, connection: undefined },
  });
  const { packet } = reached;
  if (reached.disposition !== 'delivered' && reached.disposition !== 'left-network')
    return { sent, end: reached };
  const isExpected =
    isSameAddress(packet.source, asked.destination) &&
    isSameAddress(packet.destination, asked.source) &&
    packet.sourcePort === asked.destinationPort &&
    packet.icmpId === asked.icmpId;
  if (isExpected) return { sent, end: reached };
  const where = {
    namespace: reached.namespace,
    ...(reached.device === undefined ? {} : { device: reached.device }),
    buffer: { packet, connection: undefined },
  };
  const lost = end(walk, 'dropped', where, {
    element: 'socket',
    reason: 'wrong-answer-source',
    detail: `the answer comes from ${describeEnd(packet.source, packet.sourcePort)} and not from ${describeEnd(asked.destination, asked.destinationPort)}`,
  });
  return { sent, end: lost };
}

function replyTo(walk: Walk, packet: Packet): Packet {
  return {
    ...reverseFlow(packet),
    ...tcpReply(walk, packet),
    mark: 0,
    ttl: FIRST_TTL,
    size: packet.size,
    // Answers of the kernel itself may be cut up (net/ipv4/icmp.c, `icmp_sk_init`).
    dontFragment: packet.icmpType === undefined && packet.dontFragment,
    snat: false,
    isAnswer: true,
  };
}

/** The first packet is answered by a SYN,ACK. */
function tcpReply({ isEstablished }: Walk, { protocol }: Packet): Pick<Packet, 'tcpFlags'> {
  if (protocol !== PROTOCOL.tcp) return {};
  return { tcpFlags: isEstablished ? TCP_FLAGS.ack : TCP_FLAGS.syn | TCP_FLAGS.ack };
}
