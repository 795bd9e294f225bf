import { PROTOCOL } from '../../net/protocol.ts';

const V4: Readonly<Record<string, number>> = {
  'echo-reply': 0,
  pong: 0,
  'destination-unreachable': 3,
  'source-quench': 4,
  redirect: 5,
  'echo-request': 8,
  ping: 8,
  'router-advertisement': 9,
  'router-solicitation': 10,
  'time-exceeded': 11,
  'parameter-problem': 12,
  'timestamp-request': 13,
  'timestamp-reply': 14,
};

const V6: Readonly<Record<string, number>> = {
  'destination-unreachable': 1,
  'packet-too-big': 2,
  'time-exceeded': 3,
  'parameter-problem': 4,
  'echo-request': 128,
  'echo-reply': 129,
  'mld-listener-query': 130,
  'mld-listener-report': 131,
  'router-solicitation': 133,
  'nd-router-solicit': 133,
  'router-advertisement': 134,
  'nd-router-advert': 134,
  'neighbour-solicitation': 135,
  'neighbor-solicitation': 135,
  'nd-neighbor-solicit': 135,
  'neighbour-advertisement': 136,
  'neighbor-advertisement': 136,
  'nd-neighbor-advert': 136,
  redirect: 137,
  'nd-redirect': 137,
};

/** ICMPv6 types of the question who has an address, and of the answer. */
export const SOLICITATION = 135;
export const ADVERTISEMENT = 136;

/** Whether a packet is one of neighbour discovery, which IPv6 has in the place of ARP. */
export function isNeighbourDiscovery({
  protocol,
  icmpType,
}: {
  readonly protocol: number;
  readonly icmpType?: number;
}): boolean {
  return protocol === PROTOCOL.icmpv6 && (icmpType === SOLICITATION || icmpType === ADVERTISEMENT);
}

/** The number of an ICMP type given as name or number; undefined when it is neither. */
export function icmpTypeNumber(text: string, protocol: number): number | undefined {
  if (/^\d{1,3}$/.test(text)) return Number(text);
  const names = protocol === PROTOCOL.icmpv6 ? V6 : V4;
  return Object.hasOwn(names, text) ? names[text] : undefined;
}

/** Type of the echo request of a protocol. */
export function echoRequest(protocol: number): number {
  return protocol === PROTOCOL.icmpv6 ? 128 : 8;
}
