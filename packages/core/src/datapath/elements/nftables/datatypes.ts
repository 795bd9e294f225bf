import { PROTOCOL, protocolNumber } from '../../../net/protocol.ts';
import { icmpTypeNumber } from '../icmp-types.ts';
import type { Datatype } from './value.ts';

/** Services that older versions of nft print by name. */
const SERVICES: ReadonlyMap<string, number> = new Map([
  ['ssh', 22],
  ['domain', 53],
  ['bootps', 67],
  ['bootpc', 68],
  ['http', 80],
  ['ntp', 123],
  ['bgp', 179],
  ['https', 443],
]);

export const PORT: Datatype = { kind: 'number', named: (text) => SERVICES.get(text) };
export const PROTOCOL_NUMBER: Datatype = { kind: 'number', named: protocolNumber };
export const ICMP_TYPE: Datatype = {
  kind: 'number',
  named: (text) => icmpTypeNumber(text, PROTOCOL.icmp),
};
export const ICMPV6_TYPE: Datatype = {
  kind: 'number',
  named: (text) => icmpTypeNumber(text, PROTOCOL.icmpv6),
};

/** Bits of a connection's state (`NF_CT_STATE_BIT`, include/uapi/linux/netfilter/nf_conntrack_common.h). */
export const CT_STATE = flags({ invalid: 1, established: 2, related: 4, new: 8, untracked: 64 });
export const CT_STATUS = flags({
  expected: 1,
  'seen-reply': 2,
  assured: 4,
  confirmed: 8,
  snat: 16,
  dnat: 32,
  dying: 512,
});
export const TCP_FLAGS = flags({ fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ecn: 64, cwr: 128 });

function flags(bits: Readonly<Record<string, number>>): Datatype {
  return {
    kind: 'number',
    isBitmask: true,
    named: (text) => (Object.hasOwn(bits, text) ? bits[text] : undefined),
  };
}

/** The number of one flag; the name is one of the type's own. */
export function bit(type: Datatype, name: string): number {
  return type.named?.(name) ?? 0;
}
