import type { RouteEntry } from '../../../datapath/convert/routing.ts';
import type { RouteResult } from '../../../datapath/elements/routing/lookup.ts';
import type { IpAddress } from '../../../net/address.ts';
import { ipCommand } from './expected-route.ts';

/** The command that takes a route away that is not the default route; undefined where there is none. */
export function removeCommand(result: RouteResult, destination: IpAddress): string | undefined {
  const entry = entryOf(result);
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
export function entryOf(result: RouteResult): RouteEntry | undefined {
  if ('entry' in result) return result.entry;
  return 'saidBy' in result ? result.saidBy : undefined;
}
