import { isIPv6 } from 'node:net';
import type { EndpointSpec } from './service.ts';

/** An endpoint of one port of a Service. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
  /** `10.244.1.2:8080`, `[fd00::2]:8080` */
  readonly text: string;
}

/** Which endpoints traffic of a port goes to. */
export interface UsableEndpoints {
  /** For policy `Cluster`. */
  readonly cluster: readonly Endpoint[];
  /** For policy `Local`. */
  readonly local: readonly Endpoint[];
  /** All of both. */
  readonly reachable: readonly Endpoint[];
  /** All of this node, whether they may be used or not. */
  readonly onNode: readonly Endpoint[];
  /** There is a usable one on any node, even if none may be used from here. */
  readonly hasAny: boolean;
}

/** Address and port as kube-proxy joins them. */
export function joinAddress(address: string, port: number): string {
  return isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`;
}

/**
 * Sorts endpoints as kube-proxy does without topology hints (pkg/proxy/topology.go, `CategorizeEndpoints`): those that are
 * ready, and where there is none, those that still serve while they terminate; for each policy on its own.
 */
export function usableEndpoints(
  specs: readonly EndpointSpec[],
  targetPort: number,
  nodeName: string,
  uses: { readonly cluster: boolean; readonly local: boolean },
): UsableEndpoints {
  const resolve = (chosen: readonly EndpointSpec[]) =>
    unique(chosen.map((spec) => endpointOf(spec, targetPort)));
  const pick = (candidates: readonly EndpointSpec[]): readonly Endpoint[] => {
    const ready = candidates.filter(isReady);
    return resolve(ready.length > 0 ? ready : candidates.filter(isServingToTheEnd));
  };
  const own = specs.filter((spec) => spec.nodeName === nodeName);
  const cluster = uses.cluster ? pick(specs) : [];
  const local = uses.local ? pick(own) : [];
  return {
    cluster,
    local,
    reachable: unique([...cluster, ...local]),
    onNode: resolve(own),
    hasAny: specs.some((spec) => isReady(spec) || isServingToTheEnd(spec)),
  };
}

function isReady({ ready = true }: EndpointSpec): boolean {
  return ready;
}

function isServingToTheEnd({ ready = true, serving = ready, terminating = false }: EndpointSpec): boolean {
  return serving && terminating;
}

function endpointOf({ address, port: own }: EndpointSpec, targetPort: number): Endpoint {
  const port = own ?? targetPort;
  return { address, port, text: joinAddress(address, port) };
}

/** kube-proxy keeps endpoints by address and port, in the order of their text. */
function unique(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  const byText = new Map(endpoints.map((endpoint) => [endpoint.text, endpoint]));
  return [...byText.values()].sort((left, right) => (left.text < right.text ? -1 : 1));
}
