import { type FactDefinition, from, known, unknown } from '../../fact.ts';
import { sysctl } from '../sysctl/index.ts';

const COUNT = 'net.netfilter.nf_conntrack_count';
const MAXIMUM = 'net.netfilter.nf_conntrack_max';

/** How full the connection tracking table is, in percent. */
export const conntrackFill: FactDefinition<number> = {
  id: 'conntrack.fill-percent',
  title: 'connection tracking table in use, in percent',
  level: 'node',
  format: (percent) => `${percent} %`,
  compute(read) {
    const count = numberOf(read.fact(sysctl, COUNT));
    const maximum = numberOf(read.fact(sysctl, MAXIMUM));
    if (count === undefined || maximum === undefined || maximum <= 0) {
      return unknown({
        fact: 'use of the connection tracking table',
        command: `sysctl ${COUNT} ${MAXIMUM}`,
        where: 'node',
      });
    }
    return known(Math.floor((count / maximum) * 100), from(sysctl, COUNT), from(sysctl, MAXIMUM));
  },
};

function numberOf(fact: { state: string; value?: unknown }): number | undefined {
  const text = fact.state === 'known' ? fact.value : undefined;
  return typeof text === 'string' && /^\d+$/.test(text) ? Number(text) : undefined;
}
