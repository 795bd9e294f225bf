import type { Match } from '../match.ts';
import { addrtype, iprange, rpfilter, set } from './addresses.ts';
import { conntrack } from './conntrack.ts';
import { ipvs } from './ipvs.ts';
import { connmark, mark } from './marks.ts';
import { comment, icmp, length, owner, physdev, pkttype, ttl } from './packet.ts';
import { multiport, transport } from './ports.ts';
import { statistic } from './random.ts';
import { recent } from './recent.ts';

const MATCHES: readonly Match[] = [
  addrtype,
  comment,
  connmark,
  conntrack,
  icmp,
  iprange,
  ipvs,
  length,
  mark,
  multiport,
  owner,
  physdev,
  pkttype,
  recent,
  rpfilter,
  set,
  statistic,
  transport,
  ttl,
];

const BY_NAME: ReadonlyMap<string, Match> = new Map(
  MATCHES.flatMap((match) => match.names.map((name) => [name, match] as const)),
);

/** The match extension of this name; undefined where it is not modelled. */
export function matchNamed(name: string): Match | undefined {
  return BY_NAME.get(name);
}
