import { type Fact, type FactDefinition, known, unknown } from '../../../fact.ts';
import { inObject, missingObjects, type Reader } from '../../../reader.ts';
import type { StoredObject } from '../../../snapshot/object-store.ts';
import { clusterCidrs } from '../cluster-cidrs.ts';
import { fieldOf, samePrefixes, textOf, textsOf } from '../objects.ts';
import { type Discovery, errorsWouldShow, reportedErrors } from './errors.ts';

/**
 * Signs that a SpiderCoordinator kept its status although collecting the CIDRs failed: no phase at all after a
 * reported error, or a phase Synced whose service CIDR is not the cluster's.
 */
export const withheldStatus: FactDefinition<readonly string[]> = {
  id: 'spiderpool.coordinator-withheld-status',
  title: 'signs of a status that was not written after an error',
  level: 'object',
  format: (list) => list.join(' | '),
  compute(read): Fact<readonly string[]> {
    const stored = read.object();
    if (stored === undefined) return unknown(missingObjects('spidercoordinators.spiderpool.spidernet.io'));
    const phase = textOf(fieldOf(stored.object, 'status.phase'));
    if (phase === 'NotReady') return known([], inObject(stored, '/status/phase'));
    const [error] = reportedErrors(read);
    if (error === undefined) {
      return errorsWouldShow(read) ? known([], inObject(stored)) : unknown(missingObjects('events'));
    }
    const sign = phase === undefined ? noStatus(stored) : outdated(read, stored);
    if (sign === undefined) return known([], inObject(stored));
    return known([sign.text, error.text], sign.origin, error.origin);
  },
};

function noStatus(stored: StoredObject): Discovery {
  return { text: 'the object has no status.phase', origin: inObject(stored) };
}

function outdated(read: Reader, stored: StoredObject): Discovery | undefined {
  const has = textsOf(fieldOf(stored.object, 'status.serviceCIDR'));
  const sources = clusterCidrs(read, 'service');
  if (has.length === 0 || sources.length === 0) return undefined;
  if (sources.some(({ values }) => samePrefixes(values, has))) return undefined;
  const real = sources[0]?.values.join(',') ?? '';
  return {
    text: `status.serviceCIDR is ${has.join(',')}, the cluster has ${real}`,
    origin: inObject(stored, '/status/serviceCIDR'),
  };
}
