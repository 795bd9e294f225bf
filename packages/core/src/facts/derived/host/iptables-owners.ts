import type { IptablesSave } from '../../../parsers/iptables-save/index.ts';
import type { Origin } from '../../fact.ts';
import { at } from '../../reader.ts';
import type { IptablesDump } from '../iptables-dumps/index.ts';

/** Programs by the beginning of the chains they make. */
const OWNERS: readonly (readonly [RegExp, string])[] = [
  [/^(?:KUBE-ROUTER-|KUBE-POD-FW-|KUBE-NWPLCY-)/, 'kube-router'],
  [/^KUBE-/, 'Kubernetes'],
  [/^cali[-:]/, 'Calico'],
  [/^ANTREA-/, 'Antrea'],
  [/^FLANNEL-/, 'flannel'],
  [/^CILIUM_/, 'Cilium'],
  [/^WEAVE/, 'Weave'],
  [/^AWS-(?:SNAT|CONNMARK)-CHAIN/, 'AWS VPC CNI'],
  [/^OVN-KUBE-/, 'OVN-Kubernetes'],
  [/^IP-MASQ(?:-AGENT)?$/, 'ip-masq-agent'],
  [/^CNI-/, 'CNI plugins'],
];

/**
 * Kubernetes network programs that have rules in a dump, with their first rule: a rule in one of their chains, or one that
 * leads there. Chains that are empty and not used are left-overs and do not count.
 */
export function ownersIn({ save, file }: IptablesDump): ReadonlyMap<string, Origin> {
  const owners = new Map<string, Origin>();
  for (const [chain, line] of chainsInUse(save)) {
    const owner = OWNERS.find(([pattern]) => pattern.test(chain))?.[1];
    if (owner !== undefined && !owners.has(owner)) owners.set(owner, at(file, { line }));
  }
  return owners;
}

/** Chains with rules, and chains that rules lead to, each with such a rule. */
function* chainsInUse(save: IptablesSave): Generator<readonly [chain: string, line: number]> {
  for (const table of save.tables.values()) {
    for (const chain of table.chains.values()) {
      const [first] = chain.rules;
      if (first !== undefined) yield [chain.name, first.line];
      for (const { target, line } of chain.rules) if (target !== undefined) yield [target, line];
    }
  }
}
