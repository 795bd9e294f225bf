import { type Fact, type FactDefinition, known, unknown } from '../../../fact.ts';
import { inObject, missingObjects } from '../../../reader.ts';
import { fieldOf, POOLS } from '../objects.ts';
import { containersOfProgram, environmentOf } from '../workloads.ts';

const DEFAULT_CAP = 5000;

/** Whether the pool has free addresses, but as many records as the agent allows in one pool. */
export const poolCapReached: FactDefinition<boolean> = {
  id: 'spiderpool.pool-cap-reached',
  title: 'the pool has as many records as the agent allows',
  level: 'object',
  compute(read): Fact<boolean> {
    const stored = read.object();
    const [agent] = containersOfProgram(read, 'agent');
    if (stored === undefined) return unknown(missingObjects(POOLS));
    const total = Number(fieldOf(stored.object, 'status.totalIPCount') ?? 0);
    const taken = Number(fieldOf(stored.object, 'status.allocatedIPCount') ?? 0);
    if (taken >= total) return known(false, inObject(stored, '/status'));
    if (agent === undefined) return unknown(missingObjects('daemonsets.apps'));
    const told = environmentOf(agent, 'SPIDERPOOL_IPPOOL_MAX_ALLOCATED_IPS');
    const cap = told === undefined ? DEFAULT_CAP : Number(told.value);
    const origin = told?.origin ?? inObject(agent.stored, agent.pointer);
    return known(taken >= cap, inObject(stored, '/status/allocatedIPCount'), origin);
  },
};
