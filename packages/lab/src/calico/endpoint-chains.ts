import type { PodPlan } from '../cluster/plan.ts';
import type { Family, TableRules } from '../firewall/restore.ts';
import { MARKS } from './marks.ts';
import { type IngressPolicy, isSelected, policyChain, selectorSetId } from './policy.ts';
import { felixRule } from './rule.ts';
import { setName } from './sets.ts';

const accepted = `-m mark --mark ${MARKS.accept}/${MARKS.accept}`;

/** The chains of one pod: `cali-fw-` for what it sends, `cali-tw-` for what it receives. */
export function endpointChains(pod: PodPlan, policies: readonly IngressPolicy[]): TableRules {
  const from = `cali-fw-${pod.hostInterface}`;
  const to = `cali-tw-${pod.hostInterface}`;
  const selecting = policies.filter(
    (policy) => policy.namespace === pod.namespace && isSelected(pod, policy.appliesTo),
  );
  return {
    chains: [from, to],
    rules: [
      ...start(from),
      felixRule(
        '-A',
        from,
        '-p udp -m multiport --dports 4789 -j DROP',
        'Drop VXLAN encapped packets originating in workloads',
      ),
      felixRule('-A', from, '-p ipencap -j DROP', 'Drop IPinIP encapped packets originating in workloads'),
      ...profile(from, `cali-pro-kns.${pod.namespace}`),
      ...start(to),
      ...policyRules(to, selecting),
      ...profile(to, `cali-pri-kns.${pod.namespace}`),
    ],
  };
}

function start(chain: string): readonly string[] {
  return [
    felixRule('-A', chain, '-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT'),
    felixRule('-A', chain, '-m conntrack --ctstate INVALID -j DROP'),
    felixRule('-A', chain, `-j MARK --set-xmark 0x0/${MARKS.acceptAndPass}`),
  ];
}

/** Where a policy selects the pod, what no policy accepts is dropped before any profile is asked. */
function policyRules(chain: string, policies: readonly IngressPolicy[]): readonly string[] {
  if (policies.length === 0) return [];
  const notPassed = `-m mark --mark 0x0/${MARKS.pass}`;
  return [
    felixRule('-A', chain, `-j MARK --set-xmark 0x0/${MARKS.pass}`, 'Start of policies'),
    ...policies.flatMap((policy) => [
      felixRule('-A', chain, `${notPassed} -j ${policyChain(policy)}`),
      felixRule('-A', chain, `${accepted} -j RETURN`, 'Return if policy accepted'),
    ]),
    felixRule('-A', chain, `${notPassed} -j DROP`, 'Drop if no policies passed packet'),
  ];
}

function profile(chain: string, profileChain: string): readonly string[] {
  return [
    felixRule('-A', chain, `-j ${profileChain}`),
    felixRule('-A', chain, `${accepted} -j RETURN`, 'Return if profile accepted'),
    felixRule('-A', chain, '-j DROP', 'Drop if no profiles matched'),
  ];
}

/** The chain of a policy: it accepts the sources that the policy names. */
export function policyChains(policies: readonly IngressPolicy[], family: Family): TableRules {
  return {
    chains: policies.map(policyChain),
    rules: policies.flatMap((policy) => {
      if (policy.from === undefined) return [];
      const chain = policyChain(policy);
      const comment = `Policy ${policy.namespace}/knp.default.${policy.name} ingress`;
      return [
        felixRule(
          '-A',
          chain,
          `-m set --match-set ${setName(selectorSetId(policy.from), family)} src -j MARK --set-xmark ${MARKS.accept}/${MARKS.accept}`,
          comment,
        ),
        felixRule('-A', chain, `${accepted} -j RETURN`),
      ];
    }),
  };
}
