import type { Flow } from '../../net/flow.ts';

/** The packet that is followed. Never changed in place. */
export interface Packet extends Flow {
  /** `skb->mark`, 32 bits without sign. */
  readonly mark: number;
  /** Time to live, or hop limit. */
  readonly ttl: number;
  /** Bytes with the IP header. */
  readonly size: number;
  readonly dontFragment: boolean;
  /** Bytes of its longest piece, once it was cut up. Who looks into it sees it whole. */
  readonly pieceSize?: number;
  /** Whether its source was translated on the way. */
  readonly snat: boolean;
  /** Bits of the TCP header, as {@link TCP_FLAGS} has them; TCP only. */
  readonly tcpFlags?: number;
  /** Goes back to who asked: its destination port, where unknown, is one that the asking system chose. */
  readonly isAnswer?: boolean;
  /** Of ARP, which carries no IP: the addresses are those it is about, and there is no protocol. */
  readonly arp?: 'request' | 'reply';
}

/** The flags of the TCP header that the packets followed here have. */
export const TCP_FLAGS = { syn: 2, ack: 16 } as const;
