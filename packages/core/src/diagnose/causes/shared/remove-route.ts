import type { RouteEntry } from '../../../datapath/convert/routing.ts';
import type { RouteResult } from '../../../datapath/elements/routing/lookup.ts';
import type { Namespace } from '../../../datapath/model/namespace.ts';
import type { Evidence } from '../../../model/evidence.ts';
import type { IpAddress } from '../../../net/address.ts';
import { ipCommand } from './expected-route.ts';

/** The command that takes a route away that is not the default route; undefined where there is none. */
export function removeCommand(
  namespace: Namespace,
  result: RouteResult,
  destination: IpAddress,
): string | undefined {
  const entry = entryOf(namespace, result, destination);
  if (entry === undefined || entry.length === 0) return undefined;
  const { type, gateway, device, table } = entry.route;
  const words = [
    ...(type === 'unicast' ? [] : [type]),
    entry.route.destination,
    ...(gateway === undefined ? [] : ['via', gateway]),
    ...(device === undefined || type !== 'unicast' ? [] : ['dev', device]),
    ...(table === 'main' ? [] : ['table', table]),
  ];
  return `${ipCommand(destination)} route del ${words.join(' ')}`;
}

/** The route that a lookup gave; undefined where a policy rule decided, or nothing. */
export function entryOf(
  namespace: Namespace,
  result: RouteResult,
  destination: IpAddress,
): RouteEntry | undefined {
  if ('entry' in result) return result.entry;
  return 'place' in result ? entryAt(namespace, destination, result.place) : undefined;
}

function entryAt(
  namespace: Namespace,
  destination: IpAddress,
  place: Evidence | undefined,
): RouteEntry | undefined {
  for (const table of namespace.routing(destination.family).tables.values()) {
    for (const entry of table.matches(destination)) if (entry.place === place) return entry;
  }
  return undefined;
}
