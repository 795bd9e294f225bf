import { type Fact, type FactDefinition, known, unknown } from '../../../fact.ts';
import { missingObjects } from '../../../reader.ts';
import { byName, ENDPOINTS, POOLS } from '../objects.ts';
import { addressesOf, recordsOf, recordsOrigin } from './records.ts';

/**
 * Pods with more records in the pool than addresses of it in their SpiderEndpoint: a pod with several interfaces on one
 * pool has several records by right, but then its SpiderEndpoint lists them all.
 */
export const surplusRecords: FactDefinition<readonly string[]> = {
  id: 'spiderpool.surplus-records',
  title: 'pods with more records in the pool than they use',
  level: 'object',
  format: (list) => list.slice(0, 5).join(' | '),
  compute(read): Fact<readonly string[]> {
    const pool = read.object();
    const endpoints = read.objects(ENDPOINTS);
    const records = pool === undefined ? undefined : recordsOf(pool);
    if (pool === undefined || records === undefined) return unknown(missingObjects(POOLS));
    const byPod = new Map<string, { pod: string; ips: Set<string> }>();
    for (const { ip, pod, podUid } of records) {
      const entry = byPod.get(podUid) ?? { pod, ips: new Set<string>() };
      entry.ips.add(ip);
      byPod.set(podUid, entry);
    }
    const several = [...byPod.values()].filter(({ ips }) => ips.size > 1);
    if (several.length === 0) return known([], recordsOrigin(pool));
    if (endpoints?.complete !== true) return unknown(missingObjects(ENDPOINTS));
    const used = byName(endpoints);
    const found = several.filter(({ pod, ips }) => {
      const endpoint = used.get(pod);
      const own = endpoint === undefined ? [] : addressesOf(endpoint).map(({ ip }) => ip);
      return [...ips].filter((ip) => !own.includes(ip)).length > 0;
    });
    return known(
      found.map(({ pod, ips }) => `${pod}: ${[...ips].join(', ')}`),
      recordsOrigin(pool),
    );
  },
};
