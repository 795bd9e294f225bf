import { familyOf } from '../iproute2/address.ts';
import type { Draft } from '../iproute2/defined.ts';
import {
  hasMark,
  type JsonFields,
  type JsonRecord,
  numberField,
  recordsField,
  sketchOf,
  stringField,
  stringsField,
  toFields,
} from '../iproute2/json.ts';
import type { ProblemLog } from '../parsed.ts';
import { type RouteDraft, setGateway } from './draft.ts';
import type { NextHop } from './route.ts';

/** Text fields under their name in the record. */
const TEXTS = [
  ['dev', 'device'],
  ['prefsrc', 'source'],
  ['from', 'from'],
  ['protocol', 'protocol'],
  ['scope', 'scope'],
  ['tos', 'tos'],
  ['encap', 'encap'],
] as const;

/** The route an element of `ip -j route` describes. `destination` is given where the element's own is not to be used. */
export function routeFromJson(
  record: JsonRecord,
  destination: string | undefined,
  problems: ProblemLog,
): RouteDraft | undefined {
  const { fields, pointer } = record;
  if (destination === undefined || (destination !== 'default' && familyOf(destination) === undefined)) {
    problems.add({ pointer }, 'expected a route with a prefix as "dst"', sketchOf(fields));
    return undefined;
  }
  const route: RouteDraft = {
    pointer,
    type: stringField(fields, 'type') ?? 'unicast',
    destination,
    table: stringField(fields, 'table') ?? 'main',
    flags: [...stringsField(fields, 'flags')],
    nextHops: [],
  };
  for (const [from, to] of TEXTS) {
    const text = stringField(fields, from);
    if (text !== undefined) route[to] = text;
  }
  // `encap ip` prints the TOS of the tunnel under the same name as that of the route, and after it.
  if (route.encap !== undefined) delete route.tos;
  const metric = numberField(fields, 'metric');
  if (metric !== undefined) route.metric = metric;
  const nextHopId = numberField(fields, 'nhid');
  if (nextHopId !== undefined) route.nextHopId = nextHopId;
  const mtu = recordsField(record, 'metrics').flatMap(
    (metrics) => numberField(metrics.fields, 'mtu') ?? [],
  )[0];
  if (mtu !== undefined) route.mtu = mtu;
  readGateway(fields, route, route);
  route.nextHops = recordsField(record, 'nexthops').map((hop) => nextHopFromJson(hop.fields, route));
  readHint(fields, route);
  return route;
}

function nextHopFromJson(fields: JsonFields, route: RouteDraft): NextHop {
  const hop: Draft<NextHop> = { flags: stringsField(fields, 'flags') };
  const device = stringField(fields, 'dev');
  const weight = numberField(fields, 'weight');
  if (device !== undefined) hop.device = device;
  if (weight !== undefined) hop.weight = weight;
  readGateway(fields, route, hop);
  return hop;
}

function readGateway(fields: JsonFields, route: RouteDraft, hop: { gateway?: string }): void {
  const gateway = stringField(fields, 'gateway');
  if (gateway !== undefined) setGateway(route, hop, gateway, false);
  const host = stringField(toFields(fields.via) ?? {}, 'host');
  if (host !== undefined) setGateway(route, hop, host, true);
}

/** The same marks of a family as in the text form. */
function readHint(fields: JsonFields, route: RouteDraft): void {
  if (route.scope !== undefined && route.scope !== 'global') route.hint ??= 4;
  if (hasMark(fields, 'pref') || hasMark(fields, 'error')) route.hint ??= 6;
}
