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
  drafts: readonly (RouteDraft | Route)[],
  family: Family | undefined,
  problems: ProblemLog,
): readonly Route[] {
  const routes: Route[] = [];
  for (const draft of drafts) {
    const route = 'family' in draft ? draft : finishRoute(draft, family ?? routes.at(-1)?.family ?? 4);
    if (route !== undefined) routes.push(route);
    else {
      const { line, pointer, destination } = draft;
      const place = {
        ...(line === undefined ? {} : { line }),
        ...(pointer === undefined ? {} : { pointer }),
      };
      problems.add(place, 'expected a prefix as destination', destination);
    }
  }
  return routes;
}

/** `family` is that of a `default` that shows none; undefined where the destination is neither that nor a prefix. */
export function finishRoute(draft: RouteDraft, family: Family | undefined): Route | undefined {
  const { hint, destination, ...fields } = draft;
  const isDefault = destination === 'default';
  const found = isDefault
    ? (familyOf(fields.source) ?? familyOf(fields.from) ?? hint ?? family)
    : familyOf(destination);
  if (found === undefined) return undefined;
  const cidr = toCidr(destination, found);
  return { ...fields, family: found, destination: cidr, isDefault: isDefault || cidr.endsWith('/0') };
}
