import type { StoredObject } from '../../snapshot/object-store.ts';
import { type Endpoint, type ServicePort, sliceOf } from './service-index.ts';

/** The endpoints of one Service port in one family, as the API has them. */
export interface ExpectedEndpoints {
  /** `address:port` of those that every kube-proxy has to program. */
  readonly ready: ReadonlySet<string>;
  /** Every `address:port`, whatever its conditions. */
  readonly listed: ReadonlySet<string>;
  readonly slices: readonly StoredObject[];
}

/**
 * What the EndpointSlices of a Service say about one of its ports. Undefined where nodes may rightly differ from each
 * other (topology hints) or where the slices do not say it all (all ports at once).
 */
export function expectedEndpoints(
  slices: readonly StoredObject[],
  port: ServicePort,
  family: 4 | 6,
): ExpectedEndpoints | undefined {
  const ready = new Set<string>();
  const undecided = new Set<string>();
  const listed = new Set<string>();
  const own = slices.filter((stored) => sliceOf(stored).addressType === (family === 4 ? 'IPv4' : 'IPv6'));
  for (const stored of own) {
    const { endpoints, ports } = sliceOf(stored);
    const numbers = (ports ?? []).filter(
      (one) => (one.name ?? '') === (port.name ?? '') && (one.protocol ?? 'TCP') === (port.protocol ?? 'TCP'),
    );
    if (numbers.some((one) => typeof one.port !== 'number')) return undefined;
    for (const endpoint of endpoints ?? []) {
      if (endpoint.hints !== undefined && endpoint.hints !== null) return undefined;
      const [address] = endpoint.addresses ?? [];
      if (address === undefined) continue;
      for (const number of numbers) {
        const target = family === 6 ? `[${address}]:${number.port}` : `${address}:${number.port}`;
        listed.add(target);
        (isReady(endpoint) ? ready : undecided).add(target);
      }
    }
  }
  // Two endpoints with one address, one of them on its way out: kube-proxy may follow either.
  for (const target of undecided) ready.delete(target);
  return { ready, listed, slices: own };
}

/** No conditions mean ready; a terminating endpoint is only used where no other is left. */
function isReady({ conditions }: Endpoint): boolean {
  return (conditions?.ready ?? true) && conditions?.terminating !== true;
}
