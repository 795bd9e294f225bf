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
  /** Whether its source was translated on the way. */
  readonly snat: boolean;
  /** ICMP and ICMPv6 only. */
  readonly icmpType?: number;
}
