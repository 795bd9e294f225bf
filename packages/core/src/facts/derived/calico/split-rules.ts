import { type FactDefinition, known, unknown } from '../../fact.ts';
import { ruleHomes } from './rule-homes.ts';

/** Calico's chains stand in one back end and those of Kubernetes in the other. */
export interface SplitRules {
  readonly calico: string;
  readonly kubernetes: string;
}

/**
 * Calico and Kubernetes in different back ends of iptables. Both back ends must have been seen whole; chains left over
 * beside the ones in use do not count.
 */
export const splitRules: FactDefinition<readonly SplitRules[]> = {
  id: 'calico.split-rules',
  title: 'Calico and Kubernetes in different back ends of iptables',
  level: 'node',
  format: (list) =>
    list.map(({ calico, kubernetes }) => `cali- chains in ${calico}, KUBE- chains in ${kubernetes}`).join() ||
    'none',
  compute(read) {
    const homes = ruleHomes(read);
    const [one, other] = homes;
    const shared = homes.find(({ calico, kubernetes }) => calico !== undefined && kubernetes !== undefined);
    if (shared?.calico !== undefined && shared.kubernetes !== undefined) {
      return known([], shared.calico, shared.kubernetes);
    }
    if (one === undefined || other === undefined || !one.complete || !other.complete) {
      return unknown(
        { fact: 'legacy iptables rules', command: 'iptables-legacy-save', where: 'node' },
        { fact: 'nft iptables rules', command: 'iptables-nft-save', where: 'node' },
      );
    }
    const own = homes.find(({ calico }) => calico !== undefined);
    const theirs = homes.find(({ kubernetes }) => kubernetes !== undefined);
    if (own?.calico === undefined || theirs?.kubernetes === undefined) {
      return known([], ...homes.map(({ file }) => ({ node: true as const, file })));
    }
    return known([{ calico: own.backend, kubernetes: theirs.backend }], own.calico, theirs.kubernetes);
  },
};
