import type { Evidence } from '../../model/evidence.ts';
import { type Family, type IpAddress, parseAddress, widthOf } from '../../net/address.ts';
import { parsePrefix, prefixOf } from '../../net/prefix.ts';
import { PrefixTable } from '../../net/prefix-table.ts';
import type { Route } from '../../parsers/ip-route/index.ts';
import type { PolicyRule } from '../../parsers/ip-rule/index.ts';
import { ip6RouteProbe, ip6RuleProbe, ipRouteProbe, ipRuleProbe } from '../../probes/network.ts';
import type { Interfaces } from './interfaces.ts';
import { type NamespaceEvidence, placeIn } from './namespace-evidence.ts';

/** A route ready for looking up. */
export interface RouteEntry {
  readonly route: Route;
  readonly length: number;
  /** Where it stands; for one that follows from an address, where that stands. */
  readonly source: { readonly file: string } | { readonly place: Evidence };
}

/** Where a route stands. */
export function placeOfRoute({ route, source }: RouteEntry): Evidence {
  return 'place' in source ? source.place : placeIn(source.file, route);
}

/** Routes and policy rules of one family. */
export interface Routing {
  /** Tables by name, or by number where they have none; `main`, `local` and `default` by name. */
  readonly tables: ReadonlyMap<string, PrefixTable<RouteEntry>>;
  readonly rules: readonly (PolicyRule & { readonly place?: Evidence })[];
  /** False where routes were not collected: then only local addresses are known. */
  readonly hasRoutes: boolean;
  /** False where routes were cut or not understood. */
  readonly isComplete: boolean;
  /** False where neither routes nor addresses are known. */
  readonly hasLocal: boolean;
  /** Whether policy rules were not collected that could lead to other tables. */
  readonly lacksRules: boolean;
  /** Whether the routes are those of all tables: then a table that is not among them is empty. */
  readonly hasAllTables: boolean;
  /** Where the routes are, or would be. */
  readonly routeFile: string;
  readonly ruleFile: string;
}

export function readRouting(
  evidence: NamespaceEvidence,
  interfaces: Interfaces | undefined,
  family: Family,
  isHost: boolean,
): Routing {
  const routeProbe = family === 4 ? ipRouteProbe : ip6RouteProbe;
  const ruleProbe = family === 4 ? ipRuleProbe : ip6RuleProbe;
  const routes = evidence.read(routeProbe);
  const found = evidence.read(ruleProbe);
  // Where there are no rules at all nothing would be routed, not even within the host: the list was not read.
  const rules = found?.value.length === 0 ? undefined : found;
  const tables = new Map<string, PrefixTable<RouteEntry>>();
  const source = { file: routes?.file ?? '' };
  for (const route of routes?.value ?? []) {
    if (route.family === family) add(tables, route, source);
  }
  const hasLocalTable = tables.has('local');
  if (!hasLocalTable) addLocalAddresses(tables, interfaces, family);
  return {
    tables,
    rules:
      rules === undefined
        ? DEFAULT_RULES
        : rules.value.map((rule) => ({ ...rule, place: placeIn(rules.file, rule) })),
    hasRoutes: routes !== undefined,
    isComplete: routes?.complete !== false && rules?.complete !== false,
    hasLocal: hasLocalTable || interfaces?.hasAddresses === true,
    lacksRules: rules === undefined && routes !== undefined && mayHaveRules(tables, isHost && !hasLocalTable),
    hasAllTables: hasLocalTable,
    routeFile: routes?.file ?? evidence.pathOf(routeProbe),
    ruleFile: rules?.file ?? evidence.pathOf(ruleProbe),
  };
}

/** Tables that every namespace has rules for. */
export const STANDARD_TABLES: ReadonlySet<string> = new Set(['local', 'main', 'default']);

/**
 * Without other tables there is nothing that policy rules would lead to. Where not all tables are shown, a node may have
 * others; namespaces of pods hardly ever do.
 */
function mayHaveRules(tables: ReadonlyMap<string, unknown>, mayHaveOthers: boolean): boolean {
  return mayHaveOthers || [...tables.keys()].some((name) => !STANDARD_TABLES.has(name));
}

const WELL_KNOWN: ReadonlyMap<string, string> = new Map([
  ['255', 'local'],
  ['254', 'main'],
  ['253', 'default'],
]);

/** Tables 253 to 255 are known by name, however they are written. */
export function tableName(text: string): string {
  return WELL_KNOWN.get(text) ?? text;
}

/** What the kernel starts with. */
const DEFAULT_RULES: readonly PolicyRule[] = (
  [
    [0, 'local'],
    [32_766, 'main'],
    [32_767, 'default'],
  ] as const
).map(([priority, table]) => ({ family: 4, priority, invert: false, action: 'lookup', table, extra: [] }));

function add(tables: Map<string, PrefixTable<RouteEntry>>, route: Route, source: RouteEntry['source']): void {
  const prefix = parsePrefix(route.destination);
  // Entries of the old IPv6 route cache are copies.
  if (prefix === undefined || route.flags.includes('cache')) return;
  const name = tableName(route.table);
  let table = tables.get(name);
  if (table === undefined) {
    table = new PrefixTable();
    tables.set(name, table);
  }
  table.add(prefix, { route, length: prefix.length, source });
}

/**
 * `ip route` alone does not show the table of local addresses, which follows from the addresses. An interface need not be up
 * for its addresses to be local, as those of `kube-ipvs0` never is (net/ipv4/fib_frontend.c, `fib_add_ifaddr`); IPv6 takes
 * addresses off an interface that goes down, so those that are still there count (net/ipv6/addrconf.c, `addrconf_ifdown`).
 */
function addLocalAddresses(
  tables: Map<string, PrefixTable<RouteEntry>>,
  interfaces: Interfaces | undefined,
  family: Family,
): void {
  for (const { name, isUp, addresses, place } of interfaces?.all.values() ?? []) {
    for (const { address, prefixLength, isTentative } of addresses) {
      if (address.family !== family || isTentative) continue;
      const isLoopback = family === 4 && isUp && address.bits >> 24n === 127n;
      const table = tables.get('local') ?? new PrefixTable<RouteEntry>();
      tables.set('local', table);
      const source = { place };
      const length = isLoopback ? prefixLength : widthOf(family);
      table.add(prefixOf(address, length), { route: localRoute(name, family), length, source });
      const broadcast =
        family === 4 && isUp && !isLoopback && prefixLength < 31 ? lastOf(address, prefixLength) : undefined;
      if (broadcast !== undefined) {
        table.add(prefixOf(broadcast, 32), {
          route: { ...localRoute(name, 4), type: 'broadcast' },
          length: 32,
          source,
        });
      }
    }
  }
}

function lastOf(address: IpAddress, length: number): IpAddress {
  return { family: 4, bits: prefixOf(address, length).bits | ((1n << BigInt(32 - length)) - 1n) };
}

function localRoute(device: string, family: Family): Route {
  return {
    family,
    type: 'local',
    destination: '',
    isDefault: false,
    device,
    table: 'local',
    flags: [],
    nextHops: [],
  };
}

/** The gateway of a route or of one of its ways. */
export function gatewayOf(way: { readonly gateway?: string }): IpAddress | undefined {
  return way.gateway === undefined ? undefined : parseAddress(way.gateway);
}
