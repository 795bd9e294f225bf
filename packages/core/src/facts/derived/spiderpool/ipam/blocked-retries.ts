import { type Fact, type FactDefinition, known, type Origin, unknown } from '../../../fact.ts';
import { inObject, missingObjects, type Reader } from '../../../reader.ts';
import type { StoredObject } from '../../../snapshot/object-store.ts';
import { byName, ENDPOINTS, eventsWhere, fieldOf, POOLS } from '../objects.ts';
import { recordsOf, recordsOrigin } from './records.ts';

const USED_OUT = /all IP addresses used out/;

/**
 * Pods that wait although the pool already holds a record for exactly them, were refused because the pool is used up,
 * and have no SpiderEndpoint.
 */
export const blockedRetries: FactDefinition<readonly string[]> = {
  id: 'spiderpool.blocked-retries',
  title: 'waiting pods whose address is already recorded in the pool',
  level: 'object',
  format: (list) => list.slice(0, 5).join(', '),
  compute(read): Fact<readonly string[]> {
    const pool = read.object();
    const pods = read.objects('pods');
    const endpoints = read.objects(ENDPOINTS);
    if (pool === undefined) return unknown(missingObjects(POOLS));
    const records = recordsOf(pool);
    if (pods === undefined || endpoints?.complete !== true || records === undefined) {
      return unknown(missingObjects('pods'), missingObjects(ENDPOINTS));
    }
    const podsByName = byName(pods);
    const served = byName(endpoints);
    const found: { text: string; origin: Origin }[] = [];
    for (const { ip, pod: name, podUid } of records) {
      const pod = podsByName.get(name);
      if (pod === undefined || served.has(name) || !waits(pod) || pod.object.metadata.uid !== podUid)
        continue;
      if (wasRefused(read, pod)) found.push({ text: `${name} (${ip})`, origin: inObject(pod) });
    }
    if (found.length === 0 && !pods.complete) return unknown(missingObjects('pods'));
    return known(
      found.map(({ text }) => text),
      recordsOrigin(pool),
      ...found.slice(0, 3).map(({ origin }) => origin),
    );
  },
};

function waits({ object }: StoredObject): boolean {
  return fieldOf(object, 'status.phase') === 'Pending' && object.metadata.deletionTimestamp === undefined;
}

function wasRefused(read: Reader, { object }: StoredObject): boolean {
  const { name, namespace } = object.metadata;
  return (
    eventsWhere(
      read,
      ({ message, about }) => about.name === name && about.namespace === namespace && USED_OUT.test(message),
    ).length > 0
  );
}
