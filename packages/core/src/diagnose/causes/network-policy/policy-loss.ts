import type { Namespace } from '../../../datapath/model/namespace.ts';
import type { Packet } from '../../../datapath/model/packet.ts';
import type { Evidence } from '../../../model/evidence.ts';
import type { CauseRemedy } from '../../model/diagnosis.ts';
import type { PolicyFlow } from '../../policies/policy.ts';
import { ruleLoss } from '../../rules/rule-loss.ts';
import { ruleText, type StoredRule } from '../../rules/stored-rule.ts';
import type { Leg } from '../cause.ts';
import { passingRule } from './allowing.ts';

/** Who enforces policies by a rule, and at which end of the flow. */
interface PolicyRule {
  readonly enforcer: string;
  /** Undefined where the rule serves both. */
  readonly direction: PolicyFlow['direction'] | undefined;
}

/** A packet that the rules of a policy threw away. */
export interface PolicyLoss extends PolicyRule {
  readonly namespace: Namespace;
  readonly packet: Packet;
  readonly place: Evidence;
  /** Where in the rules: `chain cali-tw-… (-j DROP)` */
  readonly rule: string;
  /** Lets the packet through until a policy does, where that is possible. */
  readonly passing?: CauseRemedy;
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

/** Tables of Antrea's Open vSwitch that hold policies, or drop by them (docs/design/ovs-pipeline.md of Antrea). */
const OVS_TABLE = /^table (?:AntreaPolicy|Multicast)?(Ingress|Egress)(?:Rule|DefaultRule|Metric)\b/;

/** The policy behind a loss; undefined where it belongs to none. */
export function policyLoss(leg: Leg): PolicyLoss | undefined {
  const loss = ruleLoss(leg);
  if (loss === undefined) return switchLoss(leg);
  // Policies are about packets of pods, and let neighbour discovery pass.
  if (loss.isDiscovery) return undefined;
  const rule = policyRule(loss.stored);
  if (rule === undefined) return undefined;
  const { namespace, packet, place, stored } = loss;
  const words = `chain ${stored.chain.name} (${ruleText(stored)})`;
  return { ...rule, namespace, packet, place, rule: words, passing: passingRule(loss) };
}

function switchLoss({ trail: { end, steps } }: Leg): PolicyLoss | undefined {
  const step = steps.at(-1);
  const [place] = step?.evidence ?? [];
  const table = step?.element === 'ovs' ? OVS_TABLE.exec(step.detail ?? '') : null;
  if (place === undefined || table === null || !/^(?:dropped|rejected)$/.test(end.disposition))
    return undefined;
  return {
    enforcer: 'Antrea',
    direction: table[1] === 'Ingress' ? 'ingress' : 'egress',
    namespace: end.namespace,
    packet: end.packet,
    place,
    rule: step?.detail ?? '',
  };
}

function policyRule(stored: StoredRule): PolicyRule | undefined {
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
