import type { CauseRemedy } from '../../model/diagnosis.ts';
import { runsIn } from '../../rules/place-name.ts';
import { copyIptablesRules } from '../../services/copy-iptables.ts';
import { copyNftRules } from '../../services/copy-nftables.ts';
import { socket } from '../../services/endpoints.ts';
import { type ProxyRules, proxyRules, proxyRulesOfOthers } from '../../services/proxy-rules.ts';
import { restartKubeProxy } from '../../services/restart-kube-proxy.ts';
import { isUntranslated, type ServiceCall, serviceCall } from '../../services/service-call.ts';
import type { CauseDefinition, DiagnosisContext } from '../cause.ts';

/** A node that has no rule for a service, although the service has endpoints (iptables and nftables). */
export const serviceRuleMissing: CauseDefinition = {
  id: 'service-rule-missing',
  title: 'the node has no rule for the service',
  find(leg, context) {
    const call = serviceCall(leg, context);
    if (call === undefined || (call.usable?.length ?? 0) === 0 || !isUntranslated(call, leg)) return [];
    const { service, namespace, usable = [] } = call;
    const address = socket({ address: service.address, port: service.portNumber });
    const rules = proxyRules(namespace, leg.trail.sent.destination.family);
    // What has the address of the service itself needs no rule to be reached by it.
    if (rules === undefined || rules.kind === 'ipvs' || usable.some((one) => socket(one) === address))
      return [];
    const last = leg.trail.steps.at(-1);
    const ends = last?.detail === undefined ? leg.trail.end.disposition : last.detail;
    return [
      {
        cause: 'service-rule-missing',
        effect: 'blocks',
        direction: leg.direction,
        subject: { kind: 'node', name: namespace.node },
        text: `kube-proxy on ${namespace.node} has no rule (${rules.kind}) that sends ${service.protocol} for ${address} to an endpoint of Service ${service.name}, although ${usable.map(socket).join(' and ')} could answer. The packet keeps the address of the service and ends there: ${ends}.`,
        evidence: [rules.place, ...usable.map(({ place }) => place), ...(last?.evidence ?? [])],
        remedies: [...copying(call, rules, context), restartKubeProxy(namespace.node)],
      },
    ];
  },
};

function copying(
  { service, namespace }: ServiceCall,
  rules: Exclude<ProxyRules, { kind: 'ipvs' }>,
  { network, asked }: DiagnosisContext,
): readonly CauseRemedy[] {
  const others = proxyRulesOfOthers(network, namespace, asked.packet.destination.family);
  const commands =
    rules.kind === 'iptables'
      ? copyIptablesRules(
          service,
          rules.dump,
          others.flatMap((one) => (one.kind === 'iptables' ? one.dump : [])),
        )
      : copyNftRules(
          service,
          rules.table,
          others.flatMap((one) => (one.kind === 'nftables' ? one.table : [])),
        );
  if (commands.length === 0) return [];
  return [
    {
      kind: 'node-command',
      text: 'Write the rules of the service as another node has them.',
      command: commands.join('\n'),
      where: runsIn(namespace),
      persistence: 'Until kube-proxy writes its rules anew, which it does from the services themselves.',
    },
  ];
}
