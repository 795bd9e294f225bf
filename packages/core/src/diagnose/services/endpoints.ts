import type { Endpoint, ServicePort } from '../../facts/derived/kube-proxy/service-index.ts';
import { sliceOf } from '../../facts/derived/kube-proxy/service-index.ts';
import type { StoredObject } from '../../facts/snapshot/object-store.ts';
import type { Evidence } from '../../model/evidence.ts';
import { type Family, formatAddress, parseAddress } from '../../net/address.ts';

/** One address that a service port leads to, as an EndpointSlice lists it. */
export interface ServiceEndpoint {
  readonly address: string;
  readonly port: number;
  readonly isReady: boolean;
  /** Serving although it is on its way out: used only where no other is left (KEP-1669). */
  readonly isServing: boolean;
  readonly node: string | undefined;
  /** `namespace/name` of its pod. */
  readonly pod: string | undefined;
  readonly place: Evidence;
}

/** The endpoints of one port of a service in one family. */
export function endpointsOf(
  slices: readonly StoredObject[],
  port: ServicePort,
  family: Family,
): readonly ServiceEndpoint[] {
  return slices.flatMap((stored) => {
    const { addressType, endpoints, ports } = sliceOf(stored);
    if (addressType !== `IPv${family}`) return [];
    const numbers = (ports ?? []).flatMap((one) =>
      (one.name ?? '') === (port.name ?? '') &&
      (one.protocol ?? 'TCP') === (port.protocol ?? 'TCP') &&
      typeof one.port === 'number'
        ? [one.port]
        : [],
    );
    return (endpoints ?? []).flatMap((endpoint, index) =>
      numbers.flatMap((number) => endpointOf(stored, endpoint, index, number) ?? []),
    );
  });
}

/** kube-proxy uses the first address only. No conditions mean ready. */
function endpointOf(
  { object, file, pointer }: StoredObject,
  endpoint: Endpoint & { readonly nodeName?: unknown },
  index: number,
  port: number,
): ServiceEndpoint | undefined {
  const address = parseAddress(endpoint.addresses?.[0] ?? '');
  if (address === undefined) return undefined;
  const { conditions, targetRef, nodeName } = endpoint;
  const isTerminating = conditions?.terminating === true;
  const namespace = targetRef?.namespace ?? object.metadata.namespace ?? '';
  return {
    address: formatAddress(address),
    port,
    isReady: (conditions?.ready ?? true) && !isTerminating,
    isServing: isTerminating && (conditions?.serving ?? conditions?.ready ?? true),
    node: typeof nodeName === 'string' ? nodeName : undefined,
    pod:
      targetRef?.kind === 'Pod' && targetRef.name !== undefined
        ? `${namespace}/${targetRef.name}`
        : undefined,
    place: { file, pointer: `${pointer}/endpoints/${index}` },
  };
}

/** Those that kube-proxy sends packets to: the ready ones, else those that still serve. */
export function usable(endpoints: readonly ServiceEndpoint[]): readonly ServiceEndpoint[] {
  const ready = endpoints.filter(({ isReady }) => isReady);
  return ready.length > 0 ? ready : endpoints.filter(({ isServing }) => isServing);
}

/** `10.0.0.1:80`, `[fd00::1]:80` */
export function socket({ address, port }: Pick<ServiceEndpoint, 'address' | 'port'>): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
