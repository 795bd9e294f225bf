import type { ConntrackStats } from '../../../parsers/conntrack/index.ts';
import { conntrackStatsProbe } from '../../../probes/firewall.ts';
import { type FactDefinition, known, unknown } from '../../fact.ts';
import { at, type ProbeRead, type Reader } from '../../reader.ts';

/**
 * How much a counter of `conntrack -S` differs between samples. Counters run since boot and only grow, so one sample says
 * nothing and the order of samples does not matter.
 */
export const conntrackGrowth: FactDefinition<number> = {
  id: 'conntrack.growth',
  title: 'growth of a conntrack counter',
  parameter: 'name of the counter',
  level: 'node',
  compute(read, counter) {
    const samples = samplesOf(read).flatMap(({ value, file, complete }) => {
      const total = value.totals.get(counter);
      return total === undefined || !complete ? [] : [{ total, file }];
    });
    if (samples.length < 2) {
      return unknown({
        fact: `growth of the conntrack counter ${counter}`,
        command: 'conntrack -S; sleep 60; conntrack -S',
        where: 'node',
      });
    }
    const totals = samples.map(({ total }) => total);
    const growth = Math.max(...totals) - Math.min(...totals);
    return known(growth, ...samples.map(({ file }) => at(file, {})));
  },
};

type Sample = Extract<ProbeRead<ConntrackStats>, { state: 'read' }>;

function samplesOf(read: Reader): readonly Sample[] {
  const names = ['', ...read.members(conntrackStatsProbe)];
  return names.map((name) => read.probe(conntrackStatsProbe, name)).filter((one) => one.state === 'read');
}
