import type { PolicyFlow } from '../../policies/policy.ts';
import type { RuleLoss } from '../../rules/rule-loss.ts';
import type { StoredRule } from '../../rules/stored-rule.ts';

/** Who enforces policies by a rule, and at which end of the flow. */
export interface PolicyRule {
  readonly enforcer: string;
  /** Undefined where the rule serves both. */
  readonly direction: PolicyFlow['direction'] | undefined;
}

/**
 * Chains of policies. Calico: `cali-tw-` to a workload, `cali-fw-` from one, policies in `-pi-`, `-po-` and their groups, profiles
 * in `-pri-`, `-pro-` (felix/rules/rule_defs.go). kube-router: `KUBE-POD-FW-` for each pod. Antrea: rules for its nodes.
 */
const CHAINS: readonly (readonly [RegExp, PolicyRule])[] = [
  [/^(?:filter-)?cali-(?:pi|gi|pri)-/, { enforcer: 'Calico', direction: 'ingress' }],
  [/^(?:filter-)?cali-(?:po|go|pro)-/, { enforcer: 'Calico', direction: 'egress' }],
  [/^KUBE-(?:POD-FW|NWPLCY)-/, { enforcer: 'kube-router', direction: undefined }],
  [/^ANTREA-POL-.*INGRESS/, { enforcer: 'Antrea', direction: 'ingress' }],
  [/^ANTREA-POL-.*EGRESS/, { enforcer: 'Antrea', direction: 'egress' }],
];

/** Chains of endpoints hold rules of other kinds too: of what is left over, this is said in the comment. */
const ENDPOINT = /^(?:filter-)?cali-(tw|fw)-/;
const LEFT_OVER = /no policies passed packet|no profiles matched|End of tier/i;

/** The policy rule behind a loss; undefined where the rule belongs to no policy. */
export function policyRule({ stored }: RuleLoss): PolicyRule | undefined {
  const { name } = stored.chain;
  const endpoint = ENDPOINT.exec(name);
  if (endpoint !== null) {
    if (!LEFT_OVER.test(words(stored))) return undefined;
    return { enforcer: 'Calico', direction: endpoint[1] === 'tw' ? 'ingress' : 'egress' };
  }
  return CHAINS.find(([pattern]) => pattern.test(name))?.[1];
}

function words(stored: StoredRule): string {
  const comment = stored.kind === 'nftables' ? (stored.rule?.comment ?? '') : '';
  return `${stored.rule?.text ?? ''} ${comment}`;
}
