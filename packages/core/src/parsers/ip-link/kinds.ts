import type { LinkAttributes, LinkValue } from './link.ts';

/** How the attributes of a kind are printed as text: words followed by a value, and words that stand alone. */
interface KindGrammar {
  readonly values: ReadonlySet<string>;
  /** Also accepted with `no` in front, which makes them false. */
  readonly flags: ReadonlySet<string>;
}

const grammar = (values: string, flags: string): KindGrammar => ({
  values: new Set(values.split(' ')),
  flags: new Set(flags.split(' ')),
});

const TUNNEL = grammar(
  'remote local dev ttl tos hoplimit encaplimit tclass flowlabel fwmark ikey okey key encap encap-sport encap-dport 6rd-prefix',
  'pmtudisc ignore-df icsum ocsum iseq oseq seq csum external isatap allow-localremote encap-csum encap-csum6 encap-remcsum',
);

/** Kinds whose text is not simply pairs of name and value. */
const GRAMMARS: Readonly<Record<string, KindGrammar>> = {
  vxlan: grammar(
    'id group remote local dev dstport tos ttl df flowlabel ageing maxaddr label_policy',
    'external metadata vnifilter learning proxy rsc l2miss l3miss udpcsum udp_csum udp6zerocsumtx udp_zero_csum6_tx udp6zerocsumrx udp_zero_csum6_rx remcsumtx remcsum_tx remcsumrx remcsum_rx gbp gpe localbypass',
  ),
  geneve: grammar(
    'id remote ttl tos dstport df flowlabel',
    'external udpcsum udp6zerocsumtx udp6zerocsumrx innerprotoinherit',
  ),
  macvlan: grammar('mode bcqueuelen usedbcqueuelen bclim', 'promisc'),
  macvtap: grammar('mode bcqueuelen usedbcqueuelen bclim', 'promisc'),
  ipvlan: grammar('mode', 'bridge private vepa'),
  ipvtap: grammar('mode', 'bridge private vepa'),
  vlan: grammar('protocol id', ''),
  tun: grammar('type user group numqueues numdisabled', ''),
  ipip: TUNNEL,
  sit: TUNNEL,
  gre: TUNNEL,
  gretap: TUNNEL,
  ip6tnl: TUNNEL,
  ip6gre: TUNNEL,
  ip6gretap: TUNNEL,
  vti: TUNNEL,
  vti6: TUNNEL,
};

/** Kinds (also as `<kind>_slave`) whose text is pairs of name and value. */
const PAIRS = new Set([
  'bond',
  'bridge',
  'vrf',
  'team',
  'bond_slave',
  'bridge_slave',
  'vrf_slave',
  'team_slave',
]);

/**
 * Names that differ between the forms and versions, to the one used here. iproute2 6.5 renamed the boolean options of
 * VXLAN in its text form to the names of its JSON form.
 */
const NAMES: Readonly<Record<string, string>> = {
  link: 'dev',
  port: 'dstport',
  port_range: 'srcport',
  local6: 'local',
  remote6: 'remote',
  group6: 'group',
  limit: 'maxaddr',
  label: 'flowlabel',
  metadata: 'external',
  udp_csum: 'udpcsum',
  udp_zero_csum6_tx: 'udp6zerocsumtx',
  udp_zero_csum6_rx: 'udp6zerocsumrx',
  remcsum_tx: 'remcsumtx',
  remcsum_rx: 'remcsumrx',
  root_id: 'designated_root',
  group_addr: 'group_address',
  multicast_router: 'mcast_router',
  mcast_last_member_cnt: 'mcast_last_member_count',
  mcast_startup_query_cnt: 'mcast_startup_query_count',
  mcast_last_member_intvl: 'mcast_last_member_interval',
  mcast_membership_intvl: 'mcast_membership_interval',
  mcast_querier_intvl: 'mcast_querier_interval',
  mcast_query_intvl: 'mcast_query_interval',
  mcast_query_response_intvl: 'mcast_query_response_interval',
  mcast_startup_query_intvl: 'mcast_startup_query_interval',
  // The text form prints this port setting twice, under two names.
  mcast_fast_leave: 'fastleave',
};

const PORT_NAMES: Readonly<Record<string, string>> = {
  ...NAMES,
  id: 'port_id',
  no: 'port_no',
  bridge_id: 'designated_bridge',
};

/** Attributes that both forms print at the end of whatever line came last, under their text name. */
const COMMON: Readonly<Record<string, string>> = Object.fromEntries(
  (
    'promiscuity allmulti addrgenmode numtxqueues numrxqueues gso_max_size gso_max_segs tso_max_size tso_max_segs ' +
    'gro_max_size gso_ipv4_max_size gro_ipv4_max_size minmtu maxmtu parentbus parentdev portname portid switchid max_pacing_offload_horizon'
  )
    .split(' ')
    .map((name) => [name, name]),
);

/** Names of common attributes in the JSON form that differ from the text. */
export const COMMON_JSON: Readonly<Record<string, string>> = {
  ...COMMON,
  min_mtu: 'minmtu',
  max_mtu: 'maxmtu',
  inet6_addr_gen_mode: 'addrgenmode',
  num_tx_queues: 'numtxqueues',
  num_rx_queues: 'numrxqueues',
  qdisc: 'qdisc',
  linkmode: 'mode',
  group: 'group',
  txqlen: 'qlen',
  phys_port_name: 'portname',
  phys_port_id: 'portid',
  phys_switch_id: 'switchid',
};

/** Whether the word begins an attribute that every link can have. */
export function isCommonAttribute(word: string): boolean {
  return Object.hasOwn(COMMON, word);
}

/** Whether the word names a kind whose attributes are read, also as `<kind>_slave`. */
export function isKnownKind(word: string): boolean {
  return Object.hasOwn(GRAMMARS, word) || PAIRS.has(word) || word === 'veth';
}

/** A printed value as number or boolean where it reads as one. */
export function toValue(text: string): LinkValue {
  if (text === 'on') return true;
  if (text === 'off') return false;
  return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}

/** Reads the words after the name of a kind in the text form. Words it does not know are skipped. */
export function readDetails(kind: string, words: readonly string[]): LinkAttributes {
  const found: Record<string, LinkValue> = {};
  const known = GRAMMARS[kind];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const value = words[at + 1];
    if (kind === 'vxlan' && word === 'srcport' && value !== undefined) {
      found.srcport = `${value}-${words[at + 2] ?? ''}`;
      at += 2;
    } else if (word.startsWith('<') && word.endsWith('>')) {
      found.flags = word.slice(1, -1);
    } else if (known === undefined ? PAIRS.has(kind) : known.values.has(word)) {
      if (value === undefined) break;
      put(found, NAMES[word] ?? word, toValue(value));
      at++;
    } else if (known?.flags.has(word)) {
      found[NAMES[word] ?? word] = true;
    } else if (word.startsWith('no') && known?.flags.has(word.slice(2))) {
      found[NAMES[word.slice(2)] ?? word.slice(2)] = false;
    }
  }
  return found;
}

/** The attributes of a kind from `info_data` or `info_slave_data` of the JSON form. */
export function detailsFromJson(fields: Readonly<Record<string, unknown>>, isPort: boolean): LinkAttributes {
  const names = isPort ? PORT_NAMES : NAMES;
  const found: Record<string, LinkValue> = {};
  for (const [name, value] of Object.entries(fields)) {
    const read = fromJson(value);
    if (read !== undefined) put(found, Object.hasOwn(names, name) ? (names[name] ?? name) : name, read);
  }
  return found;
}

function fromJson(value: unknown): LinkValue | undefined {
  if (value === null) return true;
  if (typeof value === 'string') return toValue(value);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.filter((item) => typeof item === 'string').join(',');
  if (typeof value === 'object' && 'low' in value && 'high' in value) return `${value.low}-${value.high}`;
  return undefined;
}

/** Timers differ at every reading, and `df unset` is printed in the JSON form only. */
function put(found: Record<string, LinkValue>, name: string, value: LinkValue): void {
  if (name.endsWith('_timer') || (name === 'df' && value === 'unset')) return;
  found[name] = name === 'ttl' && value === 'auto' ? 0 : value;
}

const OFF_BY_DEFAULT = [
  'external',
  'vnifilter',
  'proxy',
  'rsc',
  'l2miss',
  'l3miss',
  'remcsumtx',
  'remcsumrx',
  'gbp',
  'gpe',
];

/**
 * Fills in what the text form leaves out because it is the default.
 *
 * `learning` is printed only when off, and the IPv6 checksum options are never left out when on. `udpcsum` is harder:
 * - before iproute2 4.4 a missing word means off;
 * - then the word is always there, as `udpcsum` or `noudpcsum`;
 * - from 6.5 on only the change from the default is printed, so a missing word means on.
 *
 * `minmtu`, printed since 4.19, rules the first out. Without it a missing word stays unknown.
 */
export function withVxlanDefaults(details: LinkAttributes, isSince419: boolean): LinkAttributes {
  // Without an id the device is in external mode on an old iproute2, which then prints nothing else.
  if (details.id === undefined) return details;
  const filled: Record<string, LinkValue> = {
    learning: true,
    udp6zerocsumtx: false,
    udp6zerocsumrx: false,
    ...(isSince419 ? { udpcsum: true } : {}),
    ...details,
  };
  for (const name of OFF_BY_DEFAULT) if (filled[name] === false) delete filled[name];
  return filled;
}
