import { type Fact, type FactDefinition, known, type Origin, unknown } from '../../../fact.ts';
import { inObject, missingObjects, type Reader } from '../../../reader.ts';
import type { StoredObject } from '../../../snapshot/object-store.ts';
import { byName, ENDPOINTS } from '../objects.ts';
import { addressesOf, isOfStatefulSet } from './records.ts';

/** An address that two SpiderEndpoints hold at the same time. */
interface Duplicate {
  readonly ip: string;
  readonly holders: readonly StoredObject[];
  readonly origins: readonly Origin[];
}

/** Addresses in more than one SpiderEndpoint that is not being deleted. */
function duplicatesIn(read: Reader): readonly Duplicate[] {
  const holders = new Map<string, Map<string, { stored: StoredObject; origin: Origin }>>();
  for (const [name, stored] of byName(read.objects(ENDPOINTS))) {
    if (stored.object.metadata.deletionTimestamp !== undefined) continue;
    for (const { ip, pointer } of addressesOf(stored)) {
      const byEndpoint = holders.get(ip) ?? new Map();
      byEndpoint.set(name, { stored, origin: inObject(stored, pointer) });
      holders.set(ip, byEndpoint);
    }
  }
  return [...holders]
    .filter(([, found]) => found.size > 1)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([ip, found]) => ({
      ip,
      holders: [...found.values()].map(({ stored }) => stored),
      origins: [...found.values()].map(({ origin }) => origin),
    }));
}

function duplicateFact(
  id: string,
  title: string,
  wanted: (duplicate: Duplicate) => boolean,
): FactDefinition<readonly string[]> {
  return {
    id,
    title,
    level: 'cluster',
    format: (list) => list.slice(0, 5).join(' | '),
    compute(read): Fact<readonly string[]> {
      const list = read.objects(ENDPOINTS);
      const found = duplicatesIn(read).filter(wanted);
      if (found.length === 0 && list?.complete !== true) return unknown(missingObjects(ENDPOINTS));
      return known(
        found.map(({ ip, holders }) => `${ip}: ${holders.map(nameOf).sort().join(' and ')}`),
        ...found.slice(0, 3).flatMap(({ origins }) => origins),
      );
    },
  };
}

function nameOf({ object }: StoredObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

/** Duplicate addresses, whoever holds them. */
export const duplicateAddresses = duplicateFact(
  'spiderpool.duplicate-ips',
  'addresses that two SpiderEndpoints hold',
  () => true,
);

/** Duplicate addresses of which at least one holder belongs to a StatefulSet. */
export const duplicateStatefulSetAddresses = duplicateFact(
  'spiderpool.duplicate-statefulset-ips',
  'addresses of StatefulSet pods that another SpiderEndpoint holds too',
  ({ holders }) => holders.some(isOfStatefulSet),
);
