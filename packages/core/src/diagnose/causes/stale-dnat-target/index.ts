import type { TraceStep } from '../../../datapath/model/answer.ts';
import { formatAddress, parseAddress } from '../../../net/address.ts';
import type { CauseRemedy } from '../../model/diagnosis.ts';
import { runsIn } from '../../rules/place-name.ts';
import { storedRule } from '../../rules/stored-rule.ts';
import { type ServiceEndpoint, socket } from '../../services/endpoints.ts';
import { addServers, missingServers, virtualOption, virtualServer } from '../../services/ipvs-servers.ts';
import { restartKubeProxy } from '../../services/restart-kube-proxy.ts';
import { retarget } from '../../services/retarget.ts';
import { type ServiceCall, serviceCall } from '../../services/service-call.ts';
import type { CauseDefinition, DiagnosisContext, Leg } from '../cause.ts';
import { staleConnections } from './stale-connections.ts';

/** Rules, servers or tracked connections that lead packets for a service to an address that is no endpoint of it any more. */
export const staleDnatTarget: CauseDefinition = {
  id: 'stale-dnat-target',
  title: 'the service leads to an endpoint that is gone',
  find(leg, context) {
    const call = serviceCall(leg, context);
    if (call?.usable === undefined) return [];
    const { target } = call;
    const isStale =
      target !== undefined && !isListed(target, call) && leg.trail.end.disposition !== 'unknown';
    const step = isStale ? translation(leg, call) : undefined;
    const connections = staleConnections(leg, call);
    return target === undefined || step === undefined
      ? connections
      : [staleRule(leg, call, target, step, context), ...connections];
  },
};

/** Endpoints of the service on any node, as the target may rest on a choice made elsewhere. */
function isListed(target: NonNullable<ServiceCall['target']>, { service }: ServiceCall): boolean {
  return (service.endpoints ?? []).some(
    (one) => (one.isReady || one.isServing) && one.address === target.address && one.port === target.port,
  );
}

function translation({ trail }: Leg, { namespace }: ServiceCall): TraceStep | undefined {
  return trail.steps.findLast(
    ({ action, node, netns }) => action === 'dnat' && node === namespace.node && netns === undefined,
  );
}

function staleRule(
  leg: Leg,
  call: ServiceCall,
  target: NonNullable<ServiceCall['target']>,
  step: TraceStep,
  { network }: DiagnosisContext,
) {
  const { service, namespace, usable = [] } = call;
  const address = parseAddress(target.address);
  const pod = address === undefined ? undefined : network.podWith(address);
  const isTaken = leg.trail.end.disposition === 'delivered';
  const listed = (service.endpoints ?? []).find((one) => one.address === target.address);
  const who =
    listed?.pod !== undefined
      ? `of pod ${listed.pod}, which is not ready`
      : pod !== undefined
        ? `of pod ${pod.namespace}/${pod.name}, which is no endpoint of it`
        : 'that no running pod has';
  const instead =
    usable.length === 0
      ? 'It has no ready endpoint at all'
      : `Its ready endpoints are ${usable.map(socket).join(' and ')}`;
  return {
    cause: 'stale-dnat-target',
    effect: isTaken ? 'hazard' : 'blocks',
    direction: leg.direction,
    subject: { kind: 'node', name: namespace.node },
    text: `${step.element === 'ipvs' ? 'IPVS' : `A rule of ${step.chain ?? 'the packet filter'}`} on ${namespace.node} sends packets for Service ${service.name} to ${socket(target)}, an address ${who}. ${instead}.`,
    evidence: [...step.evidence, ...usable.map(({ place }) => place)],
    remedies: [...repairs(call, target, step), restartKubeProxy(namespace.node)],
  } as const;
}

function repairs(
  call: ServiceCall,
  target: NonNullable<ServiceCall['target']>,
  step: TraceStep,
): readonly CauseRemedy[] {
  const { namespace, usable = [] } = call;
  const commands =
    step.element === 'ipvs' ? ipvsCommands(call, target) : ruleCommands(call, target, step, usable);
  if (commands.length === 0) return [];
  return [
    {
      kind: 'node-command',
      text: 'Lead the service to an endpoint that is ready.',
      command: commands.join('\n'),
      where: runsIn(namespace),
    },
  ];
}

function ipvsCommands(
  { service, namespace, usable = [] }: ServiceCall,
  target: NonNullable<ServiceCall['target']>,
): readonly string[] {
  const virtual = virtualServer(namespace, service);
  return [
    ...addServers(service, virtual, missingServers(virtual, usable)),
    `ipvsadm -d ${virtualOption(service)} -r ${socket(target)}`,
  ];
}

/** Turns the rule to an endpoint that no rule leads to yet, else to any. */
function ruleCommands(
  { namespace }: ServiceCall,
  target: NonNullable<ServiceCall['target']>,
  step: TraceStep,
  usable: readonly ServiceEndpoint[],
): readonly string[] {
  const [place] = step.evidence;
  const family = target.address.includes(':') ? 6 : 4;
  const stored = place === undefined ? undefined : storedRule(namespace, family, step, place);
  const [wanted] = usable;
  if (stored === undefined || wanted === undefined) return [];
  const table =
    stored.kind === 'iptables'
      ? [...(stored.dump.save.tables.get(stored.table)?.chains.values() ?? [])]
      : [...stored.table.chains.values()];
  const texts = table.flatMap(({ rules }) => rules.map(({ text }) => text));
  const unused = usable.find((one) => !texts.some((text) => text.endsWith(` ${socket(one)}`)));
  return retarget(stored, { address: formatted(target.address), port: target.port }, unused ?? wanted);
}

function formatted(text: string): string {
  const address = parseAddress(text);
  return address === undefined ? text : formatAddress(address);
}
