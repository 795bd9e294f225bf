import type { Namespace } from '../../../datapath/model/namespace.ts';
import type { Network } from '../../../datapath/model/network.ts';
import type { Packet } from '../../../datapath/model/packet.ts';
import type { Cause, CauseRemedy } from '../../model/diagnosis.ts';
import { bypassesFilters } from '../../objects/other-datapaths.ts';
import { policyOpinions } from '../../policies/opinions.ts';
import { type PolicyFlow, portName } from '../../policies/policy.ts';
import { describePacket } from '../../rules/describe-packet.ts';
import type { CauseDefinition, DiagnosisContext, Leg } from '../cause.ts';
import { allowingPolicy } from './allowing.ts';
import { type PolicyLoss, policyLoss } from './policy-loss.ts';

/** A network policy that selects a pod at one of the ends, while none allows the flow. */
export const networkPolicy: CauseDefinition = {
  id: 'network-policy',
  title: 'a network policy',
  find(leg, context) {
    const loss = policyLoss(leg);
    return loss === undefined ? hazards(leg, context) : [enforced(leg, loss, context)];
  },
};

type Judged = NonNullable<ReturnType<typeof policyOpinions>>;

function enforced(leg: Leg, loss: PolicyLoss, { network }: DiagnosisContext): Cause {
  const { namespace, packet, place } = loss;
  const judged = judge(network, packet, loss.direction);
  const opinions = judged?.opinions.filter(({ opinion }) => opinion !== 'allows') ?? [];
  const pod = judged?.flow.pod;
  const what = `${loss.enforcer} on ${namespace.node} drops ${describePacket(packet)} in ${loss.rule}`;
  return {
    cause: 'network-policy',
    effect: 'blocks',
    direction: leg.direction,
    subject:
      pod === undefined
        ? { kind: 'node', name: namespace.node }
        : { kind: 'pod', name: `${pod.namespace}/${pod.name}` },
    text: `${what}. ${explain(judged, loss.enforcer)}`,
    evidence: [place, ...opinions.map((one) => one.place)],
    remedies: remedies(judged, loss),
  };
}

/** Which end is isolated, where the rule does not tell: the one whose policies do not allow the flow. */
function judge(
  network: Network,
  packet: Packet,
  direction: PolicyFlow['direction'] | undefined,
): Judged | undefined {
  if (direction !== undefined) return policyOpinions(network, packet, direction);
  const both = (['ingress', 'egress'] as const).flatMap((one) => policyOpinions(network, packet, one) ?? []);
  return both.find(isIsolating) ?? both[0];
}

/** Whether policies select the pod and surely none of them allows the flow. */
function isIsolating({ opinions }: Judged): boolean {
  return (
    opinions.length > 0 && opinions.every(({ opinion }) => opinion === 'denies' || opinion === 'says nothing')
  );
}

function explain(judged: Judged | undefined, enforcer: string): string {
  if (judged === undefined)
    return 'Network policies, or the pod, were not collected, so which policy it is is not known.';
  const { flow, opinions } = judged;
  const pod = `${flow.pod.namespace}/${flow.pod.name}`;
  if (opinions.length === 0)
    return `No policy that was collected selects pod ${pod} for ${flow.direction}: ${enforcer} may not have followed a change.`;
  const allowing = opinions.find(({ opinion }) => opinion === 'allows');
  const denying = opinions.find(({ opinion }) => opinion === 'denies');
  if (denying !== undefined) return `${denying.name} ${denying.reason}.`;
  if (allowing !== undefined)
    return `${allowing.name} allows it: ${enforcer} may not have followed a change.`;
  const list = opinions
    .map(({ name, reason, opinion }) =>
      opinion === 'unknown' ? `${name} (could not be judged)` : `${name} ${reason}`,
    )
    .join('; ');
  return `Policies select pod ${pod} for ${flow.direction}, and none allows ${portName(flow)}: ${list}.`;
}

function remedies(judged: Judged | undefined, loss: PolicyLoss): readonly CauseRemedy[] {
  const passing = loss.passing === undefined ? [] : [loss.passing];
  const isExplained = judged !== undefined && isIsolating(judged);
  const denying = judged?.opinions.find(({ opinion }) => opinion === 'denies');
  if (denying !== undefined) {
    return [
      {
        kind: 'manual',
        text: `If it is meant to work: change ${denying.name}, or put a policy of lower order before it.`,
      },
      ...passing,
    ];
  }
  const allowing = isExplained ? allowingPolicy(judged.flow) : undefined;
  const restart: CauseRemedy = {
    kind: 'manual',
    text: `Look at the log of the policy agent on ${loss.namespace.node}, and restart it, so that it writes its rules anew from the policies.`,
  };
  return [allowing ?? restart, ...passing];
}

/** Policies that isolate a pod where the rules that would show it were not collected, or are not kept in packet filters. */
function hazards({ trail, direction }: Leg, { network, asked }: DiagnosisContext): readonly Cause[] {
  const { end, sent } = trail;
  if (direction === 'reply' || sent.destination !== asked.packet.destination) return [];
  if (end.disposition !== 'delivered' && end.disposition !== 'left-network') return [];
  return (['ingress', 'egress'] as const).flatMap((one): readonly Cause[] => {
    const judged = policyOpinions(network, end.packet, one);
    if (judged === undefined || !isIsolating(judged) || !isHidden(network, judged.flow)) return [];
    const { pod } = judged.flow;
    return [
      {
        cause: 'network-policy',
        effect: 'hazard',
        direction,
        subject: { kind: 'pod', name: `${pod.namespace}/${pod.name}` },
        text: `${explain(judged, 'The policy agent')} Whether the node of the pod enforces it can not be seen in its rules.`,
        evidence: judged.opinions.map(({ place }) => place),
        remedies: [
          allowingPolicy(judged.flow) ?? {
            kind: 'manual',
            text: 'If it is meant to work: allow it by a policy.',
          },
        ],
      },
    ];
  });
}

/** Whether the node's rules can not show what its policy agent does; a node's own packets to its pods are exempt. */
function isHidden(network: Network, { pod, other }: PolicyFlow): boolean {
  const name = network.pod(pod.namespace, pod.name)?.node;
  const host: Namespace | undefined = name === undefined ? undefined : network.nodes.get(name)?.host;
  if (host === undefined) return true;
  if (host.hasAddress(other.address) === true) return false;
  const { uncollected, damaged } = host.firewall(other.address.family);
  const isElsewhere = bypassesFilters(host) || host.interface('antrea-gw0') !== undefined;
  return uncollected.length > 0 || damaged.length > 0 || isElsewhere;
}
