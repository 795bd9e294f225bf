import { socket } from '../../services/endpoints.ts';
import { isUntranslated, type ServiceCall, serviceCall } from '../../services/service-call.ts';
import { whyNotReady } from '../../services/why-not-ready.ts';
import type { CauseDefinition } from '../cause.ts';

/** A service that nobody is ready to answer for. */
export const serviceNoReadyEndpoints: CauseDefinition = {
  id: 'service-no-ready-endpoints',
  title: 'the service has no ready endpoint',
  find(leg, context) {
    const call = serviceCall(leg, context);
    if (call?.usable === undefined || call.usable.length > 0 || !isUntranslated(call, leg)) return [];
    const { service } = call;
    const why = whyNotReady(context.network, service);
    const last = leg.trail.steps.at(-1);
    const listed = service.endpoints ?? [];
    return [
      {
        cause: 'service-no-ready-endpoints',
        effect: 'blocks',
        direction: leg.direction,
        subject: { kind: 'service', name: service.name },
        text: `${headline(call)}, so nobody answers at ${socket({ address: service.address, port: service.portNumber })}. ${why.text}`,
        evidence: [...(last?.evidence ?? []), ...listed.map(({ place }) => place), ...why.evidence],
        remedies: [
          {
            kind: 'manual',
            text: `Make a pod ready that Service ${service.name} selects${listed.length === 0 ? ', or correct its selector and targetPort' : ''}; kubectl describe of the pod tells what its readiness waits for.`,
          },
        ],
      },
    ];
  },
};

function headline({ service, namespace }: ServiceCall): string {
  const all = service.endpoints ?? [];
  if (service.isLocalOnly && all.some(({ isReady }) => isReady)) {
    return `Service ${service.name} uses only endpoints on the node itself (traffic policy Local), and ${namespace.node} has no ready one`;
  }
  if (all.length === 0) return `Service ${service.name} has no endpoint`;
  return `None of the endpoints of Service ${service.name} is ready (${all.map(socket).join(', ')})`;
}
