import { type Fact, type FactDefinition, known, type Origin, unknown } from '../../../fact.ts';
import { inObject, missingObjects, type Reader } from '../../../reader.ts';
import type { StoredObject } from '../../../snapshot/object-store.ts';
import { byName, ENDPOINTS, fieldOf, isSettled, POOLS } from '../objects.ts';
import { addressesOf, recordsOf } from './records.ts';

/**
 * Addresses of running pods whose SpiderEndpoint names a pool that has no record of them, so that the pool can give
 * them out again.
 */
export const unprotectedAddresses: FactDefinition<readonly string[]> = {
  id: 'spiderpool.unprotected-ips',
  title: 'addresses of running pods that their pool has no record of',
  level: 'cluster',
  format: (list) => list.slice(0, 5).join(' | '),
  compute(read): Fact<readonly string[]> {
    const pods = read.objects('pods');
    const endpoints = read.objects(ENDPOINTS);
    if (pods === undefined || endpoints === undefined || read.objects(POOLS) === undefined) {
      return unknown(missingObjects('pods'), missingObjects(ENDPOINTS), missingObjects(POOLS));
    }
    const recorded = recordedIn(read);
    const running = new Set(
      [...byName(pods)]
        .filter(([, pod]) => runs(pod) && isSettled(read, pod) !== false)
        .map(([name]) => name),
    );
    const found: { text: string; origin: Origin }[] = [];
    for (const [name, endpoint] of byName(endpoints)) {
      if (!running.has(name) || endpoint.object.metadata.deletionTimestamp !== undefined) continue;
      for (const { ip, pool = '', pointer } of addressesOf(endpoint)) {
        if (recorded.get(pool)?.has(ip) !== false) continue;
        found.push({ text: `${ip} of ${name} in ${pool}`, origin: inObject(endpoint, pointer) });
      }
    }
    if (found.length === 0 && !(pods.complete && endpoints.complete && read.objects(POOLS)?.complete)) {
      return unknown(missingObjects(ENDPOINTS));
    }
    return known(
      found.map(({ text }) => text),
      ...found.slice(0, 3).map(({ origin }) => origin),
    );
  },
};

/** Addresses recorded in each pool; pools whose records are damaged are left out. */
function recordedIn(read: Reader): ReadonlyMap<string, ReadonlySet<string>> {
  const result = new Map<string, ReadonlySet<string>>();
  for (const [name, pool] of byName(read.objects(POOLS))) {
    const records = recordsOf(pool);
    if (records !== undefined) result.set(name, new Set(records.map(({ ip }) => ip)));
  }
  return result;
}

function runs({ object }: StoredObject): boolean {
  return fieldOf(object, 'status.phase') === 'Running' && object.metadata.deletionTimestamp === undefined;
}
