import type { IpAddress } from './address.ts';

/** Where packets of one direction of a connection go: what connection tracking calls a tuple. */
export interface Flow {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  /** IP protocol number. */
  readonly protocol: number;
  /** Undefined where the protocol has none, or where any would do. */
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  /** ICMP and ICMPv6 only; asking and answering differ by it. */
  readonly icmpType?: number;
  /** ICMP and ICMPv6 only. Undefined for the identifier of who asked; those that the kernel chose instead are numbered. */
  readonly icmpId?: number;
}

/** Types of ICMP and ICMPv6 that answer each other (`invmap` of net/netfilter/nf_conntrack_proto_icmp.c and …_icmpv6.c). */
const ANSWERS: ReadonlyMap<number, number> = new Map([
  [8, 0],
  [0, 8],
  [128, 129],
  [129, 128],
]);

/** The flow of the answers: both ends exchanged. */
export function reverseFlow(flow: Flow): Flow {
  const icmpType = ANSWERS.get(flow.icmpType ?? -1);
  return {
    source: flow.destination,
    destination: flow.source,
    protocol: flow.protocol,
    ...(flow.destinationPort === undefined ? {} : { sourcePort: flow.destinationPort }),
    ...(flow.sourcePort === undefined ? {} : { destinationPort: flow.sourcePort }),
    ...(icmpType === undefined ? {} : { icmpType }),
    ...(flow.icmpId === undefined ? {} : { icmpId: flow.icmpId }),
  };
}

/** Whether two flows are the same. */
export function isSameFlow(left: Flow, right: Flow): boolean {
  return (
    left.protocol === right.protocol &&
    left.source.bits === right.source.bits &&
    left.destination.bits === right.destination.bits &&
    left.source.family === right.source.family &&
    left.sourcePort === right.sourcePort &&
    left.destinationPort === right.destinationPort &&
    left.icmpType === right.icmpType &&
    left.icmpId === right.icmpId
  );
}
