import type { Evidence } from '../../../model/evidence.ts';
import { formatAddress, type IpAddress } from '../../../net/address.ts';
import type { NextHop } from '../../../parsers/ip-route/index.ts';
import type { Choices } from '../../choices/choices.ts';
import {
  gatewayOf,
  placeOfRoute,
  type RouteEntry,
  type Routing,
  STANDARD_TABLES,
  tableName,
} from '../../convert/routing.ts';
import { isWithin, type PlacedRule, ruleMatches } from './rule.ts';

/** What a route is looked up for. */
export interface RouteKey {
  readonly destination: IpAddress;
  /** Undefined where it is not chosen yet. */
  readonly source?: IpAddress;
  readonly mark: number;
  /** `lo` for packets of the node itself. */
  readonly inInterface: string;
  readonly protocol?: number;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
}

/** Where a packet goes next. */
export type RouteResult =
  | {
      readonly kind: 'unicast' | 'local' | 'broadcast';
      readonly device: string;
      /** The next router; undefined where the destination itself is next. */
      readonly gateway?: IpAddress;
      readonly entry: RouteEntry;
    }
  | {
      readonly kind: 'blackhole' | 'unreachable' | 'prohibit';
      readonly place?: Evidence;
      /** The route that says so; undefined where a policy rule does. */
      readonly saidBy?: RouteEntry;
      readonly text: string;
    }
  | { readonly kind: 'none' }
  /** With a text where the route is there and says something that is not modelled. */
  | {
      readonly kind: 'unknown';
      readonly place?: Evidence;
      readonly saidBy?: RouteEntry;
      readonly text?: string;
    };

/** How to decide where chance or missing knowledge decides. */
export interface RouteDecisions {
  readonly choices?: Choices;
  /** Whether a device can carry packets now; routes by others are passed over. */
  isUsable(device: string): boolean;
  /** Whether an address is one of the namespace itself. */
  isOwn(address: IpAddress): boolean;
  /** The group of a device; undefined where it is not known. */
  groupOf(device: string): string | undefined;
}

/**
 * Looks up a route: `fib_rules_lookup` (net/core/fib_rules.c), then in each table `fib_table_lookup`
 * (net/ipv4/fib_trie.c) or `fib6_table_lookup` (net/ipv6/route.c).
 */
export function lookupRoute(routing: Routing, key: RouteKey, decisions: RouteDecisions): RouteResult {
  let from = 0;
  const { rules } = routing;
  if (routing.lacksRules) noteMissing(decisions, routing.ruleFile, 'policy rules');
  for (let index = 0; index < rules.length; index++) {
    const rule = rules[index];
    if (rule === undefined || rule.priority < from || !ruleMatches(rule, key, decisions.choices)) continue;
    if (rule.action === 'goto') {
      from = rule.goto ?? 0;
      continue;
    }
    if (rule.action === 'nop') continue;
    if (rule.action !== 'lookup') {
      const text = `policy rule ${rule.priority}: ${rule.action}`;
      return { kind: rule.action, text, ...(rule.place === undefined ? {} : { place: rule.place }) };
    }
    const name = tableName(rule.table ?? '');
    if (!routing.tables.has(name) && !routing.hasAllTables && !STANDARD_TABLES.has(name)) {
      noteMissing(decisions, routing.routeFile, `routes of table ${name}`);
    }
    const found = lookupTable(routing, name, key, decisions, rule);
    if (found !== undefined) return found;
  }
  return routing.hasRoutes && routing.isComplete ? { kind: 'none' } : { kind: 'unknown' };
}

function noteMissing({ choices }: RouteDecisions, file: string, what: string): void {
  choices?.unsure({ file, text: `not collected: ${what}`, isMissing: true }, 1);
}

function lookupTable(
  routing: Routing,
  name: string,
  key: RouteKey,
  decisions: RouteDecisions,
  rule: PlacedRule,
): RouteResult | undefined {
  const table = routing.tables.get(name);
  if (table === undefined) return undefined;
  let candidates: RouteEntry[] = [];
  let length = -1;
  for (const entry of table.matches(key.destination)) {
    if (entry.length !== length && candidates.length > 0) {
      const found = best(candidates, key, decisions);
      if (found !== undefined) return chosen(found, rule, decisions);
      candidates = [];
    }
    length = entry.length;
    candidates.push(entry);
  }
  const found = best(candidates, key, decisions);
  return found === undefined ? undefined : chosen(found, rule, decisions);
}

/** The usable route of the lowest metric; IPv6 spreads over several of the same metric. */
function best(
  candidates: readonly RouteEntry[],
  key: RouteKey,
  decisions: RouteDecisions,
): RouteEntry | undefined {
  const usable = candidates
    .filter(({ route }) => isForPacket(route, key) && isUsable(route, decisions))
    .sort((left, right) => (left.route.metric ?? 0) - (right.route.metric ?? 0));
  const [first] = usable;
  const equal = usable.filter(
    ({ route }) => route.family === 6 && route.metric === first?.route.metric && route.gateway !== undefined,
  );
  if (equal.length < 2 || decisions.choices === undefined) return first;
  return equal[decisions.choices.random(equal.map(() => 1 / equal.length))];
}

function isForPacket({ from, tos }: RouteEntry['route'], key: RouteKey): boolean {
  return isWithin(from, key.source) && (tos === undefined || Number(tos) === 0);
}

function isUsable(route: RouteEntry['route'], decisions: RouteDecisions): boolean {
  if (route.flags.includes('dead')) return false;
  if (route.nextHops.length > 0) return route.nextHops.some((way) => isUsableWay(way, decisions));
  return route.device === undefined || decisions.isUsable(route.device);
}

function isUsableWay(way: NextHop, decisions: RouteDecisions): boolean {
  return !way.flags.includes('dead') && way.device !== undefined && decisions.isUsable(way.device);
}

/** Undefined where the rule passes over routes this short, or the route sends back to the rules. */
function chosen(entry: RouteEntry, rule: PlacedRule, decisions: RouteDecisions): RouteResult | undefined {
  const { route } = entry;
  if (route.type === 'throw' || entry.length <= (rule.suppressPrefixLength ?? -1)) return undefined;
  if (route.type === 'blackhole' || route.type === 'unreachable' || route.type === 'prohibit') {
    return { ...saying(entry), kind: route.type, text: `${route.type} ${route.destination}` };
  }
  const way = route.nextHops.length === 0 ? route : chooseWay(route.nextHops, decisions);
  if (isSuppressed(way.device, rule, decisions)) return undefined;
  if (way.device === undefined) {
    return { ...saying(entry), kind: 'unknown', text: 'the route does not say where it leads' };
  }
  if (route.encap !== undefined) {
    const text = `tunnels of routes are not modelled: encap ${route.encap}`;
    return { ...saying(entry), kind: 'unknown', text };
  }
  const gateway = gatewayFor(way, decisions);
  const kind =
    route.type === 'local' || route.type === 'anycast'
      ? 'local'
      : route.type === 'broadcast' || route.type === 'multicast'
        ? 'broadcast'
        : 'unicast';
  return { kind, device: way.device, entry, ...(gateway === undefined ? {} : { gateway }) };
}

/** A gateway that is the namespace itself is none (net/ipv4/route.c, `rt_set_nexthop`: only those of the scope `link` are used). */
function gatewayFor(way: Parameters<typeof gatewayOf>[0], decisions: RouteDecisions): IpAddress | undefined {
  const gateway = gatewayOf(way);
  return gateway?.family === 4 && decisions.isOwn(gateway) ? undefined : gateway;
}

function saying(saidBy: RouteEntry): { readonly place: Evidence; readonly saidBy: RouteEntry } {
  return { place: placeOfRoute(saidBy), saidBy };
}

/** `fib4_rule_suppress` (net/ipv4/fib_rules.c): routes by devices of a group are passed over. */
function isSuppressed(device: string | undefined, rule: PlacedRule, decisions: RouteDecisions): boolean {
  const group = rule.extra.find((word) => word.startsWith('suppress_ifgroup '))?.slice(17);
  if (group === undefined || device === undefined) return false;
  const own = decisions.groupOf(device);
  if (own !== undefined || decisions.choices === undefined || rule.place === undefined) return own === group;
  const text = `the group of ${device} is not known, which a policy rule asks for`;
  return decisions.choices.unsure({ ...rule.place, text, isMissing: false }, 2) === 1;
}

/** The hash that spreads flows over the ways of a route is not known outside the kernel; the weights are. */
function chooseWay(ways: readonly NextHop[], decisions: RouteDecisions): NextHop {
  const usable = ways.filter((way) => isUsableWay(way, decisions));
  const weightOf = ({ weight = 1 }: NextHop): number => Math.max(1, weight);
  const total = usable.reduce((sum, way) => sum + weightOf(way), 0);
  const index =
    usable.length < 2 || decisions.choices === undefined
      ? 0
      : decisions.choices.random(usable.map((way) => weightOf(way) / total));
  return usable[index] ?? { flags: [] };
}

/** All devices that a lookup could give: more than one for a route of several ways. */
export function routeDevices(result: RouteResult): readonly string[] {
  if (result.kind !== 'unicast') return result.kind === 'local' ? ['lo'] : [];
  const { nextHops } = result.entry.route;
  return nextHops.length === 0 ? [result.device] : nextHops.flatMap(({ device }) => device ?? []);
}

/** The route as a step shows it. */
export function describeRoute(result: RouteResult): string {
  if (!('entry' in result)) return 'text' in result ? result.text : result.kind;
  const { route } = result.entry;
  const via = result.gateway === undefined ? '' : ` via ${formatAddress(result.gateway)}`;
  const destination = route.destination === '' ? 'own address' : route.destination;
  return `${destination}${via} dev ${result.device}${route.table === 'main' ? '' : ` table ${route.table}`}`;
}
