const list = (words: string): readonly string[] => words.split(' ');

/**
 * Names that differ between the forms and versions, to the one used here. iproute2 6.5 gave the boolean options of VXLAN
 * in its text form the names of its JSON form.
 */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['link', 'dev'],
  ['port', 'dstport'],
  ['port_range', 'srcport'],
  ['local6', 'local'],
  ['remote6', 'remote'],
  ['group6', 'group'],
  ['limit', 'maxaddr'],
  ['label', 'flowlabel'],
  ['metadata', 'external'],
  ['udp_csum', 'udpcsum'],
  ['udp_zero_csum6_tx', 'udp6zerocsumtx'],
  ['udp_zero_csum6_rx', 'udp6zerocsumrx'],
  ['remcsum_tx', 'remcsumtx'],
  ['remcsum_rx', 'remcsumrx'],
  ['root_id', 'designated_root'],
  ['group_addr', 'group_address'],
  ['multicast_router', 'mcast_router'],
  ['mcast_last_member_cnt', 'mcast_last_member_count'],
  ['mcast_startup_query_cnt', 'mcast_startup_query_count'],
  ['mcast_last_member_intvl', 'mcast_last_member_interval'],
  ['mcast_membership_intvl', 'mcast_membership_interval'],
  ['mcast_querier_intvl', 'mcast_querier_interval'],
  ['mcast_query_intvl', 'mcast_query_interval'],
  ['mcast_query_response_intvl', 'mcast_query_response_interval'],
  ['mcast_startup_query_intvl', 'mcast_startup_query_interval'],
  // The text form prints this port setting twice, under two names.
  ['mcast_fast_leave', 'fastleave'],
]);

/** JSON names of a port's attributes that mean other things for a device. */
const PORT_NAMES: ReadonlyMap<string, string> = new Map([
  ['id', 'port_id'],
  ['no', 'port_no'],
  ['bridge_id', 'designated_bridge'],
]);

/** Attributes that both forms print at the end of whatever line came last. */
const COMMON: ReadonlySet<string> = new Set(
  list(
    'promiscuity allmulti addrgenmode numtxqueues numrxqueues gso_max_size gso_max_segs tso_max_size tso_max_segs gro_max_size gso_ipv4_max_size gro_ipv4_max_size minmtu maxmtu parentbus parentdev portname portid switchid',
  ),
);

/** Names of common attributes that differ in the JSON form, and those of the header line. */
const COMMON_JSON: ReadonlyMap<string, string> = new Map([
  ['min_mtu', 'minmtu'],
  ['max_mtu', 'maxmtu'],
  ['inet6_addr_gen_mode', 'addrgenmode'],
  ['num_tx_queues', 'numtxqueues'],
  ['num_rx_queues', 'numrxqueues'],
  ['qdisc', 'qdisc'],
  ['linkmode', 'mode'],
  ['group', 'group'],
  ['txqlen', 'qlen'],
  ['phys_port_name', 'portname'],
  ['phys_port_id', 'portid'],
  ['phys_switch_id', 'switchid'],
]);

/** The name used here for an attribute of a kind. */
export function detailName(printed: string): string {
  return NAMES.get(printed) ?? printed;
}

/** The name used here for an attribute of a port in the JSON form. */
export function portDetailName(printed: string): string {
  return PORT_NAMES.get(printed) ?? detailName(printed);
}

/** Whether the word begins an attribute that every link can have. */
export function isCommonAttribute(word: string): boolean {
  return COMMON.has(word);
}

/** The name used here for a common attribute of the JSON form, `undefined` for anything else. */
export function commonName(printed: string): string | undefined {
  return COMMON_JSON.get(printed) ?? (COMMON.has(printed) ? printed : undefined);
}
