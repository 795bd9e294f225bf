import { type Fact, type FactDefinition, known, unknown } from '../../../fact.ts';
import { inObject, missingObjects } from '../../../reader.ts';
import { fieldOf, POOLS } from '../objects.ts';

/** Whether every address of the pool the finding is about is taken, by the pool's own counters. */
export const poolFull: FactDefinition<boolean> = {
  id: 'spiderpool.pool-full',
  title: 'every address of the pool is taken',
  level: 'object',
  compute(read): Fact<boolean> {
    const stored = read.object();
    if (stored === undefined) return unknown(missingObjects(POOLS));
    const total = fieldOf(stored.object, 'status.totalIPCount');
    const taken = fieldOf(stored.object, 'status.allocatedIPCount') ?? 0;
    if (typeof total !== 'number' || typeof taken !== 'number') {
      return known(false, inObject(stored, '/status'));
    }
    return known(total > 0 && taken >= total, inObject(stored, '/status/allocatedIPCount'));
  },
};
