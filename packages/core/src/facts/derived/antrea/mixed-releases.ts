import { parseRange, rangeContains } from '../../../versions/index.ts';
import { type FactDefinition, known, type Origin, unknown } from '../../fact.ts';
import { missingObjects } from '../../reader.ts';
import { podContainers } from '../components/workloads.ts';

const BEFORE_27 = parseRange('<2.7.0');

/** Images of running agents where some are older than 2.7.0, which encrypts gossip, and some are not; else none. */
export const mixedGossip: FactDefinition<readonly string[]> = {
  id: 'antrea.agents-around-2.7',
  title: 'agents of releases before and since 2.7.0',
  level: 'cluster',
  format: (images) => images.join(', ') || 'none',
  compute(read) {
    const agents = podContainers(read).filter(({ component }) => component === 'antrea-agent');
    const before = new Map<string, Origin>();
    const since = new Map<string, Origin>();
    for (const { image, version, origin } of agents) {
      if (version === undefined || !BEFORE_27.ok) continue;
      const isBefore = rangeContains(BEFORE_27.range, version).answer === 'in';
      (isBefore ? before : since).set(image, origin);
    }
    if (before.size > 0 && since.size > 0) {
      return known([...before.keys(), ...since.keys()].sort(), ...before.values(), ...since.values());
    }
    const settled =
      read.objects('pods')?.complete === true &&
      agents.length > 0 &&
      agents.every(({ version }) => version !== undefined);
    return settled ? known([], ...before.values(), ...since.values()) : unknown(missingObjects('pods'));
  },
};
