import type { Place } from '../../model/evidence.ts';

/** One way of a multipath route. */
export interface NextHop {
  readonly gateway?: string;
  readonly device?: string;
  readonly weight?: number;
  readonly flags: readonly string[];
}

/** A route as `ip route` shows it. */
export interface Route extends Place {
  readonly family: 4 | 6;
  /** `unicast`, `local`, `broadcast`, `multicast`, `anycast`, `blackhole`, `unreachable`, `prohibit`, `throw`, `nat`. */
  readonly type: string;
  /** Prefix with length: a host is /32 or /128, the default route `0.0.0.0/0` or `::/0`. */
  readonly destination: string;
  readonly isDefault: boolean;
  /** Only packets from this prefix take the route. */
  readonly from?: string;
  readonly device?: string;
  readonly gateway?: string;
  /** Differs from `family` for an IPv4 route over an IPv6 neighbour. */
  readonly gatewayFamily?: 4 | 6;
  /** Preferred source address. */
  readonly source?: string;
  /** Name or number of who set the route, as printed: `kernel`, `bird`, `80` … */
  readonly protocol?: string;
  readonly scope?: string;
  readonly metric?: number;
  /** Name or number. `main` when not printed: `ip route show table 100` leaves the table out. */
  readonly table: string;
  readonly mtu?: number;
  /** TOS the route is for, as printed (`0x10`). */
  readonly tos?: string;
  /** Number of the nexthop object. */
  readonly nextHopId?: number;
  /** `onlink`, `linkdown`, `dead`, `offload` …, and `cache` for entries of the old IPv6 route cache. */
  readonly flags: readonly string[];
  /** The ways of a multipath route; empty for a route with one way, which has `gateway` and `device` itself. */
  readonly nextHops: readonly NextHop[];
  /** Kind of light-weight tunnel: `ip`, `ip6`, `mpls`, `seg6`, `bpf` … */
  readonly encap?: string;
}

export const ROUTE_TYPES: ReadonlySet<string> = new Set(
  'unicast local broadcast anycast multicast blackhole unreachable prohibit throw nat'.split(' '),
);

export const ROUTE_FLAGS: ReadonlySet<string> = new Set(
  'dead onlink pervasive offload trap notify linkdown unresolved rt_offload rt_trap rt_offload_failed'.split(
    ' ',
  ),
);
