/** A run of bits of a field. */
export interface FieldRange {
  readonly field: string;
  readonly start: number;
  readonly width: number;
}

/** Widths in bits by the names used here: the longest of the names that Open vSwitch prints for a field (ovs-fields(7)). */
const WIDTHS: ReadonlyMap<string, number> = new Map([
  ...widths(8, 'nw_proto nw_ttl nw_tos nw_ecn icmp_type icmp_code ip_frag ct_nw_proto'),
  ...widths(16, 'eth_type vlan_tci vlan_vid tp_src tp_dst tcp_flags arp_op ct_zone ct_tp_src ct_tp_dst'),
  ...widths(32, 'nw_src nw_dst arp_spa arp_tpa pkt_mark ct_state ct_mark ct_nw_src ct_nw_dst'),
  ...widths(32, 'tun_src tun_dst conj_id ipv6_label'),
  ...widths(48, 'eth_src eth_dst arp_sha arp_tha'),
  ...widths(64, 'in_port metadata tun_id'),
  ...widths(128, 'ipv6_src ipv6_dst ct_ipv6_src ct_ipv6_dst ct_label tun_ipv6_src tun_ipv6_dst nd_target'),
  ...Array.from({ length: 16 }, (_, index) => [`reg${index}`, 32] as const),
  ...Array.from({ length: 8 }, (_, index) => [`xreg${index}`, 64] as const),
  ...Array.from({ length: 4 }, (_, index) => [`xxreg${index}`, 128] as const),
]);

function widths(width: number, names: string): readonly (readonly [string, number])[] {
  return names.split(' ').map((name) => [name, width] as const);
}

/** Other names of the same fields: of older releases, of single protocols, and of NXM and OXM after their prefix. */
const ALIASES: ReadonlyMap<string, string> = new Map(
  `dl_src=eth_src dl_dst=eth_dst dl_type=eth_type ip_src=nw_src ip_dst=nw_dst ipv4_src=nw_src ipv4_dst=nw_dst
   ip_proto=nw_proto ip_ttl=nw_ttl ip_tos=nw_tos ip_ecn=nw_ecn nw_frag=ip_frag
   tcp_src=tp_src tcp_dst=tp_dst udp_src=tp_src udp_dst=tp_dst sctp_src=tp_src sctp_dst=tp_dst
   icmpv4_type=icmp_type icmpv4_code=icmp_code icmpv6_type=icmp_type icmpv6_code=icmp_code
   tun_ipv4_src=tun_src tun_ipv4_dst=tun_dst tunnel_id=tun_id`
    .split(/\s+/)
    .map((pair) => pair.split('=') as [string, string]),
);

/** The name used here for a field, whatever name was printed; undefined for fields that are not modelled. */
function fieldName(text: string): string | undefined {
  const bare = text.toLowerCase().replace(/^(?:nxm_of|nxm_nx|nxoxm_et|nxoxm_nsh|oxm_of)_/, '');
  const name = ALIASES.get(bare) ?? bare;
  return WIDTHS.has(name) ? name : undefined;
}

/** Bits of a field that `readFieldRange` gave. */
export function fieldWidth(field: string): number {
  return WIDTHS.get(field) ?? 0;
}

/** Reads `NXM_NX_REG0[]`, `NXM_NX_REG0[0..3]`, `reg0[9]`, `eth_dst`; undefined for anything else. */
export function readFieldRange(text: string): FieldRange | undefined {
  const [, name = '', brackets, first, last] =
    /^([A-Za-z][\w]*)(\[(?:(\d{1,3})(?:\.\.(\d{1,3}))?)?\])?$/.exec(text.trim()) ?? [];
  const field = fieldName(name);
  if (field === undefined) return undefined;
  const whole = fieldWidth(field);
  if (brackets === undefined || first === undefined) return { field, start: 0, width: whole };
  const start = Number(first);
  const end = last === undefined ? start : Number(last);
  return end < start || end >= whole ? undefined : { field, start, width: end - start + 1 };
}

/** As many ones. */
export function ones(width: number): bigint {
  return (1n << BigInt(width)) - 1n;
}
