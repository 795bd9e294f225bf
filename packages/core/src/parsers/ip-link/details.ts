import type { LinkAttributes, LinkValue } from './link.ts';
import { detailName, portDetailName } from './names.ts';

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
const MACVLAN = grammar('mode bcqueuelen usedbcqueuelen bclim', 'promisc');
const IPVLAN = grammar('mode', 'bridge private vepa');

/** Kinds whose text is not simply pairs of name and value. */
const GRAMMARS: ReadonlyMap<string, KindGrammar> = new Map([
  [
    'vxlan',
    grammar(
      'id group remote local dev dstport tos ttl df flowlabel ageing maxaddr label_policy',
      'external metadata vnifilter learning proxy rsc l2miss l3miss udpcsum udp_csum udp6zerocsumtx udp_zero_csum6_tx udp6zerocsumrx udp_zero_csum6_rx remcsumtx remcsum_tx remcsumrx remcsum_rx gbp gpe localbypass',
    ),
  ],
  [
    'geneve',
    grammar(
      'id remote ttl tos dstport df flowlabel',
      'external udpcsum udp6zerocsumtx udp6zerocsumrx innerprotoinherit',
    ),
  ],
  ['vlan', grammar('protocol id', '')],
  ['tun', grammar('type user group numqueues numdisabled', '')],
  ...['macvlan', 'macvtap'].map((kind) => [kind, MACVLAN] as const),
  ...['ipvlan', 'ipvtap'].map((kind) => [kind, IPVLAN] as const),
  ...['ipip', 'sit', 'gre', 'gretap', 'ip6tnl', 'ip6gre', 'ip6gretap', 'vti', 'vti6'].map(
    (kind) => [kind, TUNNEL] as const,
  ),
]);

/** Kinds (also as `<kind>_slave`) whose text is pairs of name and value. */
const PAIRS: ReadonlySet<string> = new Set(
  ['bond', 'bridge', 'vrf', 'team'].flatMap((kind) => [kind, `${kind}_slave`]),
);

/** Whether the word names a kind whose attributes are read, also as `<kind>_slave`. */
export function isKnownKind(word: string): boolean {
  return GRAMMARS.has(word) || PAIRS.has(word) || word === 'veth';
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
  const known = GRAMMARS.get(kind);
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const value = words[at + 1];
    const off = word.startsWith('no') ? word.slice(2) : undefined;
    if (kind === 'vxlan' && word === 'srcport' && value !== undefined) {
      found.srcport = `${value}-${words[at + 2] ?? ''}`;
      at += 2;
    } else if (word.startsWith('<') && word.endsWith('>')) {
      found.flags = word.slice(1, -1);
    } else if (known === undefined ? PAIRS.has(kind) : known.values.has(word)) {
      if (value !== undefined) put(found, detailName(word), toValue(value));
      at++;
    } else if (known?.flags.has(word)) found[detailName(word)] = true;
    else if (off !== undefined && known?.flags.has(off)) found[detailName(off)] = false;
  }
  return found;
}

/** The attributes of a kind from `info_data`, or of a port from `info_slave_data`, of the JSON form. */
export function detailsFromJson(fields: Readonly<Record<string, unknown>>, isPort: boolean): LinkAttributes {
  const found: Record<string, LinkValue> = {};
  for (const [name, value] of Object.entries(fields)) {
    const read = fromJson(value);
    if (read !== undefined) put(found, isPort ? portDetailName(name) : detailName(name), read);
  }
  return found;
}

function fromJson(value: unknown): LinkValue | undefined {
  if (value === null) return true;
  if (typeof value === 'string') return toValue(value);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.filter((item) => typeof item === 'string').join(',');
  if (typeof value !== 'object' || !('low' in value && 'high' in value)) return undefined;
  const { low, high } = value;
  return typeof low === 'number' && typeof high === 'number' ? `${low}-${high}` : undefined;
}

/** Timers differ at every reading, and `df unset` is printed in the JSON form only. */
function put(found: Record<string, LinkValue>, name: string, value: LinkValue): void {
  if (name.endsWith('_timer') || (name === 'df' && value === 'unset')) return;
  found[name] = name === 'ttl' && value === 'auto' ? 0 : value;
}
