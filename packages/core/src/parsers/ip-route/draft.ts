import { type Family, familyOf, toCidr } from '../iproute2/address.ts';
import type { Draft } from '../iproute2/defined.ts';
import type { ProblemLog } from '../parsed.ts';
import type { NextHop, Route } from './route.ts';

/** A route while it is read: the family of `default` is known only when all of its lines are. */
export interface RouteDraft
  extends Draft<Omit<Route, 'family' | 'destination' | 'isDefault' | 'nextHops' | 'flags'>> {
  /** As printed: a prefix, a host or `default`. */
  destination: string;
  flags: string[];
  nextHops: NextHop[];
  /** The family, where an attribute shows it. */
  hint?: Family;
}

/**
 * Sets the gateway of a route or of one of its ways. Written alone it is of the route's own family; iproute2 names the
 * family (`via inet6`) only when it is the other one.
 */
export function setGateway(
  route: RouteDraft,
  hop: { gateway?: string },
  gateway: string,
  isOtherFamily: boolean,
): void {
  const family = familyOf(gateway);
  hop.gateway = gateway;
  if (hop === route && family !== undefined) route.gatewayFamily = family;
  if (family !== undefined) route.hint ??= isOtherFamily ? otherFamily(family) : family;
}

function otherFamily(family: Family): Family {
  return family === 4 ? 6 : 4;
}

/**
 * Turns drafts into routes. A `default` that shows no address belongs to the family asked for; without one, to the
 * family of the route before it, as the kernel lists all of IPv4 before IPv6.
 */
export function finishRoutes(
  drafts: readonly RouteDraft[],
  family: Family | undefined,
  problems: ProblemLog,
): readonly Route[] {
  const routes: Route[] = [];
  let previous: Family | undefined;
  for (const { hint, destination, ...fields } of drafts) {
    const isDefault = destination === 'default';
    const shown = isDefault
      ? (familyOf(fields.source) ?? familyOf(fields.from) ?? hint)
      : familyOf(destination);
    const found = shown ?? family ?? previous ?? 4;
    if (isDefault || shown !== undefined) {
      const cidr = toCidr(destination, found);
      routes.push({
        ...fields,
        family: found,
        destination: cidr,
        isDefault: isDefault || cidr.endsWith('/0'),
      });
      previous = found;
    } else {
      const { line, pointer } = fields;
      const place = {
        ...(line === undefined ? {} : { line }),
        ...(pointer === undefined ? {} : { pointer }),
      };
      problems.add(place, 'expected a prefix as destination', destination);
    }
  }
  return routes;
}
