import { type Fact, type FactDefinition, known, unknown } from '../../../fact.ts';
import { inObject, missingObjects, type Reader } from '../../../reader.ts';
import type { StoredObject } from '../../../snapshot/object-store.ts';
import { byName, createdAt, ENDPOINTS, eventsAbout, fieldOf, POOLS } from '../objects.ts';
import { recordsOf, recordsOrigin } from './records.ts';

const USED_OUT = /all IP addresses used out/;

/** A pod is still being served in its first minute. */
const FIRST_MINUTE = 60_000;

/** A waiting pod with a record of its own in the pool. */
interface Waiting {
  readonly text: string;
  readonly pod: StoredObject;
}

function factOf(
  id: string,
  title: string,
  isMeant: (read: Reader, pod: StoredObject) => boolean,
): FactDefinition<readonly string[]> {
  return {
    id,
    title,
    level: 'object',
    format: (list) => list.slice(0, 5).join(', '),
    compute(read): Fact<readonly string[]> {
      const pool = read.object();
      if (pool === undefined) return unknown(missingObjects(POOLS));
      const waiting = waitingPods(read, pool);
      if (waiting === undefined) return unknown(missingObjects('pods'), missingObjects(ENDPOINTS));
      const found = waiting.filter(({ pod }) => isMeant(read, pod));
      if (found.length === 0 && read.objects('pods')?.complete !== true) {
        return unknown(missingObjects('pods'));
      }
      return known(
        found.map(({ text }) => text),
        recordsOrigin(pool),
        ...found.slice(0, 3).map(({ pod }) => inObject(pod)),
      );
    },
  };
}

/**
 * Pods that wait although the pool already holds a record for exactly them, were refused because the pool is used up,
 * and have no SpiderEndpoint.
 */
export const blockedRetries = factOf(
  'spiderpool.blocked-retries',
  'waiting pods that are refused although their address is already recorded in the pool',
  wasRefused,
);

/** The same without the refusal, of which events may tell no more: pods that have waited for more than a minute. */
export const unservedRecords = factOf(
  'spiderpool.unserved-records',
  'waiting pods with a record in the pool and without a SpiderEndpoint',
  (read, pod) => {
    const made = createdAt(pod);
    return made === undefined || made < Date.parse(read.takenAt) - FIRST_MINUTE;
  },
);

/** Undefined where pods, SpiderEndpoints or the records of the pool are not known. */
function waitingPods(read: Reader, pool: StoredObject): readonly Waiting[] | undefined {
  const pods = read.objects('pods');
  const endpoints = read.objects(ENDPOINTS);
  const records = recordsOf(pool);
  if (pods === undefined || endpoints?.complete !== true || records === undefined) return undefined;
  const podsByName = byName(pods);
  const served = byName(endpoints);
  return records.flatMap(({ ip, pod: name, podUid }) => {
    const pod = podsByName.get(name);
    if (pod === undefined || served.has(name) || !waits(pod)) return [];
    return pod.object.metadata.uid === podUid ? [{ text: `${name} (${ip})`, pod }] : [];
  });
}

function waits({ object }: StoredObject): boolean {
  return fieldOf(object, 'status.phase') === 'Pending' && object.metadata.deletionTimestamp === undefined;
}

function wasRefused(read: Reader, pod: StoredObject): boolean {
  return eventsAbout(read, pod, USED_OUT).length > 0;
}
