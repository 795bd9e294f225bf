/** Protocol numbers of the packets that are traced, and of those that rules and tunnels name (IANA). */
const NUMBERS: Readonly<Record<string, number>> = {
  hopopt: 0,
  icmp: 1,
  igmp: 2,
  ipencap: 4,
  ipip: 4,
  ipv4: 4,
  tcp: 6,
  udp: 17,
  dccp: 33,
  ipv6: 41,
  gre: 47,
  esp: 50,
  ah: 51,
  icmpv6: 58,
  'ipv6-icmp': 58,
  ospf: 89,
  vrrp: 112,
  sctp: 132,
  udplite: 136,
};

export const PROTOCOL = { icmp: 1, ipip: 4, tcp: 6, udp: 17, gre: 47, icmpv6: 58, sctp: 132 } as const;

/** The number of a protocol given as name or number; undefined when it is neither. */
export function protocolNumber(text: string): number | undefined {
  if (/^\d{1,3}$/.test(text)) return Number(text) <= 255 ? Number(text) : undefined;
  const name = text.toLowerCase();
  return Object.hasOwn(NUMBERS, name) ? NUMBERS[name] : undefined;
}

/** `tcp`, `udp`, …; the number where there is no name. */
export function protocolName(number: number): string {
  for (const [name, value] of Object.entries(PROTOCOL)) if (value === number) return name;
  return String(number);
}

/** Whether packets of the protocol carry ports. */
export function hasPorts(protocol: number): boolean {
  return [PROTOCOL.tcp, PROTOCOL.udp, PROTOCOL.sctp, 33, 136].includes(protocol);
}
