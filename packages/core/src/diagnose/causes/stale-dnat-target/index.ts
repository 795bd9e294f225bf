import type { Network } from '../../../datapath/model/network.ts';
import { parseAddress } from '../../../net/address.ts';
import type { Cause } from '../../model/diagnosis.ts';
import { runsIn } from '../../rules/place-name.ts';
import { socket } from '../../services/endpoints.ts';
import { restartKubeProxy } from '../../services/restart-kube-proxy.ts';
import { type ServiceCall, serviceCall } from '../../services/service-call.ts';
import type { CauseDefinition, DiagnosisContext, Leg } from '../cause.ts';
import { leadElsewhere, type StaleTarget } from './lead-elsewhere.ts';
import { staleConnections } from './stale-connections.ts';

/** Rules, servers or tracked connections that lead packets for a service to an address that is no endpoint of it any more. */
export const staleDnatTarget: CauseDefinition = {
  id: 'stale-dnat-target',
  title: 'the service leads to an endpoint that is gone',
  find(leg, context) {
    const call = serviceCall(leg, context);
    if (call?.usable === undefined) return [];
    const connections = staleConnections(leg, call);
    if (staleTarget(leg, context) === undefined) return connections;
    return [staleRules(leg, call, context), ...connections];
  },
};

function staleTarget(leg: Leg, context: DiagnosisContext): StaleTarget | undefined {
  const call = serviceCall(leg, context);
  if (call?.usable === undefined || call.target === undefined || leg.trail.end.disposition === 'unknown')
    return undefined;
  const { target, service, namespace } = call;
  // Endpoints on any node count, as another node may have made the choice.
  const isEndpoint = (service.endpoints ?? []).some(
    (one) => (one.isReady || one.isServing) && one.address === target.address && one.port === target.port,
  );
  const step = leg.trail.steps.findLast(
    ({ action, node, netns }) => action === 'dnat' && node === namespace.node && netns === undefined,
  );
  return isEndpoint || step === undefined ? undefined : { ...target, step };
}

/** All stale targets of the service, which are of one making and are mended together. */
function staleRules(leg: Leg, call: ServiceCall, context: DiagnosisContext): Cause {
  const { service, namespace, usable = [] } = call;
  const each = new Map(
    context.legs
      .flatMap((one) => staleTarget(one, context) ?? [])
      .map((target) => [socket(target), target] as const),
  );
  const targets = [...each.values()].sort((left, right) => (socket(left) < socket(right) ? -1 : 1));
  const [first] = targets;
  const by = first?.step.element === 'ipvs' ? 'Servers of IPVS' : 'The rules of kube-proxy';
  const described = targets.map((target) => describe(target, call, context.network)).join('; ');
  const instead =
    usable.length === 0
      ? 'It has no ready endpoint at all'
      : `Its ready endpoints are ${usable.map(socket).join(' and ')}`;
  const commands = leadElsewhere(call, targets);
  return {
    cause: 'stale-dnat-target',
    effect: leg.trail.end.disposition === 'delivered' ? 'hazard' : 'blocks',
    direction: leg.direction,
    subject: { kind: 'node', name: namespace.node },
    text: `${by} on ${namespace.node} send packets for Service ${service.name} to ${described}. ${instead}.`,
    evidence: [...targets.flatMap(({ step }) => step.evidence), ...usable.map(({ place }) => place)],
    remedies: [
      ...(commands.length === 0
        ? []
        : [
            {
              kind: 'node-command',
              text: 'Lead the service to endpoints that are ready.',
              command: commands.join('\n'),
              where: runsIn(namespace),
            },
          ]),
      restartKubeProxy(namespace.node),
    ],
  };
}

function describe(target: StaleTarget, { service }: ServiceCall, network: Network): string {
  const address = parseAddress(target.address);
  const pod = address === undefined ? undefined : network.podWith(address);
  const listed = (service.endpoints ?? []).find((one) => one.address === target.address);
  if (listed?.pod !== undefined) return `${socket(target)}, pod ${listed.pod}, which is not ready`;
  if (pod !== undefined)
    return `${socket(target)}, pod ${pod.namespace}/${pod.name}, which is no endpoint of it`;
  return `${socket(target)}, an address that no running pod has`;
}
