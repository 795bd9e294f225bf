import type { Namespace } from '../../datapath/model/namespace.ts';
import { formatAddress } from '../../net/address.ts';
import type { DiagnosisContext, Leg } from '../causes/cause.ts';
import { type CalledService, calledService } from './called-service.ts';
import { type ServiceEndpoint, usable } from './endpoints.ts';

/** A request to a service, and what the node did with it whose rules have to lead it to an endpoint. */
export interface ServiceCall {
  readonly service: CalledService;
  readonly namespace: Namespace;
  /** Endpoints that this node may choose from; undefined where nobody knows them. */
  readonly usable: readonly ServiceEndpoint[] | undefined;
  /** Where the packet was sent instead; undefined where it kept the service's address. */
  readonly target: { readonly address: string; readonly port: number } | undefined;
  /** Whether the packet passed the point at which addresses of services are translated. */
  readonly isPastTranslation: boolean;
}

/** Reads a leg as a call of a service; undefined for answers, and where the packet is for no service that is known. */
export function serviceCall(
  leg: Leg,
  { snapshot, network, asked }: DiagnosisContext,
): ServiceCall | undefined {
  const { sent, hops, end } = leg.trail;
  // A name is looked up by a request as well, and both its ways are called by its name.
  if (leg.direction === 'reply' || sent.destination !== asked.packet.destination) return undefined;
  const at = hops.findIndex(({ namespace }) => namespace.name === '');
  const entry = hops[at];
  const service = entry === undefined ? undefined : calledService(snapshot, network, sent);
  if (entry === undefined || service === undefined) return undefined;
  const { node } = entry.namespace;
  const { packet } = end;
  const isSame =
    formatAddress(packet.destination) === service.address && packet.destinationPort === service.portNumber;
  const known = service.endpoints?.filter((one) => !service.isLocalOnly || one.node === node);
  return {
    service,
    namespace: entry.namespace,
    usable: known === undefined ? undefined : usable(known),
    target:
      isSame || packet.destinationPort === undefined
        ? undefined
        : { address: formatAddress(packet.destination), port: packet.destinationPort },
    isPastTranslation: isPastTranslation(leg, entry.namespace, entry.kind === 'send', at),
  };
}

/** What comes in is routed after its address was translated, what a process sends before. */
function isPastTranslation({ trail }: Leg, namespace: Namespace, isSent: boolean, at: number): boolean {
  const { steps, hops, end } = trail;
  if (isSent) {
    const last = steps.at(-1);
    const isByFilter = last?.hook === 'output' && !/^(?:raw|mangle)$/.test(last.table ?? '');
    return hops.length > at + 1 || isByFilter || end.disposition === 'delivered';
  }
  return steps.some(
    ({ node, netns, element }) => node === namespace.node && netns === undefined && element === 'routing',
  );
}

/** Whether the node surely did not send the request on to an endpoint. */
export function isUntranslated({ target, isPastTranslation: isPast }: ServiceCall, { trail }: Leg): boolean {
  return target === undefined && isPast && trail.end.disposition !== 'unknown';
}
