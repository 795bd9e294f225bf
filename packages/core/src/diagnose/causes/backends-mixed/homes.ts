import type { Namespace } from '../../../datapath/model/namespace.ts';
import type { Family } from '../../../net/address.ts';
import { type RuleDump, ruleDumps } from '../../rules/dumps.ts';

/** What one back end of iptables holds of the programs that make rules for pods and services. */
export interface RuleHome {
  readonly dump: RuleDump & { readonly backend: 'legacy' | 'nft' };
  readonly hasCalico: boolean;
  /** Rules of kube-proxy for services. */
  readonly services: number;
  /** Interfaces of pods that Calico has chains for. */
  readonly endpoints: number;
  /** Whether the kubelet shows by a chain that it uses this back end (since Kubernetes 1.24, KEP-3178). */
  readonly hasKubeletHint: boolean;
}

/** The back ends whose rules were collected. */
export function ruleHomes(namespace: Namespace, family: Family): readonly RuleHome[] {
  return ruleDumps(namespace, family).flatMap((dump) => {
    const { backend, save } = dump;
    if (backend === undefined) return [];
    const rules = (table: string, chain: string) => save.tables.get(table)?.chains.get(chain)?.rules ?? [];
    return [
      {
        dump: { ...dump, backend },
        hasCalico: rules('filter', 'cali-FORWARD').length > 0,
        services: rules('nat', 'KUBE-SERVICES').length,
        endpoints: rules('filter', 'cali-to-wl-dispatch').length,
        hasKubeletHint: save.tables.get('mangle')?.chains.has('KUBE-IPTABLES-HINT') === true,
      },
    ];
  });
}

/** Programs that have rules in both back ends. */
export function inBoth(left: RuleHome, right: RuleHome): readonly string[] {
  return [
    ...(left.hasCalico && right.hasCalico ? ['Calico'] : []),
    ...(left.services > 0 && right.services > 0 ? ['kube-proxy'] : []),
  ];
}

/** Whether `home` holds what was left behind when its programs went over to `other`. False where nothing tells. */
export function isLeftBehind(home: RuleHome, other: RuleHome): boolean {
  if (home.services > 0 && other.services === 0) return false;
  if (home.services === 0 && other.services > 0) return true;
  if (home.hasKubeletHint !== other.hasKubeletHint) return other.hasKubeletHint;
  return home.endpoints < other.endpoints;
}
