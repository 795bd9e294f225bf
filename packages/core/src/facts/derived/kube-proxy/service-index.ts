import type { Reader } from '../../reader.ts';
import { type ObjectList, objectName, type StoredObject } from '../../snapshot/object-store.ts';

/** A port of a Service. */
export interface ServicePort {
  readonly name?: string;
  readonly protocol?: string;
  readonly port?: number;
  readonly nodePort?: number;
}

/** What kube-proxy looks at in a Service. */
export interface ServiceSpec {
  readonly type?: string;
  readonly clusterIP?: string;
  readonly clusterIPs?: readonly string[];
  readonly externalIPs?: readonly string[];
  readonly externalTrafficPolicy?: string;
  readonly internalTrafficPolicy?: string;
  readonly topologyKeys?: readonly string[];
  readonly loadBalancerSourceRanges?: readonly string[];
  readonly ports?: readonly ServicePort[];
}

/** What kube-proxy looks at in an EndpointSlice. */
export interface EndpointSliceObject {
  readonly addressType?: string;
  readonly endpoints?: readonly Endpoint[] | null;
  readonly ports?:
    | readonly { readonly name?: string | null; readonly protocol?: string; readonly port?: number | null }[]
    | null;
}

export interface Endpoint {
  readonly addresses?: readonly string[];
  readonly conditions?: {
    readonly ready?: boolean | null;
    readonly serving?: boolean | null;
    readonly terminating?: boolean | null;
  };
  readonly hints?: unknown;
  readonly targetRef?: { readonly kind?: string; readonly namespace?: string; readonly name?: string };
}

/** The address an ingress point of a Service's load balancer has. */
export interface LoadBalancerIngress {
  readonly ip?: string;
  readonly ipMode?: string;
}

export function serviceSpec({ object }: StoredObject): ServiceSpec {
  return (object.spec ?? {}) as ServiceSpec;
}

export function sliceOf({ object }: StoredObject): EndpointSliceObject {
  return object as EndpointSliceObject;
}

export function loadBalancerIngress({ object }: StoredObject): readonly LoadBalancerIngress[] {
  const ingress = (object.status as { loadBalancer?: { ingress?: unknown } } | undefined)?.loadBalancer
    ?.ingress;
  return Array.isArray(ingress) ? (ingress as readonly LoadBalancerIngress[]) : [];
}

export function clusterIPsOf(stored: StoredObject): readonly string[] {
  const { clusterIPs, clusterIP } = serviceSpec(stored);
  const all = Array.isArray(clusterIPs) && clusterIPs.length > 0 ? clusterIPs : [clusterIP];
  return all.filter(
    (address): address is string => typeof address === 'string' && address !== '' && address !== 'None',
  );
}

/** Slices of each Service, by `namespace/name`. */
export function slicesByService(list: ObjectList): ReadonlyMap<string, readonly StoredObject[]> {
  return remembered(list, sliceIndexes, () => {
    const index = new Map<string, StoredObject[]>();
    for (const stored of list.items) {
      const { metadata } = stored.object;
      const name = (metadata.labels as Readonly<Record<string, string>> | undefined)?.[
        'kubernetes.io/service-name'
      ];
      if (name === undefined) continue;
      const key = `${metadata.namespace ?? 'default'}/${name}`;
      const known = index.get(key);
      if (known === undefined) index.set(key, [stored]);
      else known.push(stored);
    }
    return index;
  });
}

/** Services by each virtual address they have, whoever gave it. */
export function servicesByAddress(list: ObjectList): ReadonlyMap<string, StoredObject> {
  return remembered(list, addressIndexes, () => {
    const index = new Map<string, StoredObject>();
    for (const stored of list.items) {
      const { externalIPs } = serviceSpec(stored);
      const ingress = loadBalancerIngress(stored).map(({ ip }) => ip);
      const external = Array.isArray(externalIPs) ? externalIPs : [];
      for (const address of [...clusterIPsOf(stored), ...external, ...ingress]) {
        if (typeof address === 'string') index.set(address, stored);
      }
    }
    return index;
  });
}

/** Every address in any of these slices, whatever its conditions. */
export function addressesIn(slices: readonly StoredObject[]): ReadonlySet<string> {
  return new Set(
    slices.flatMap((stored) => (sliceOf(stored).endpoints ?? []).flatMap(({ addresses }) => addresses ?? [])),
  );
}

/** Lists of Services and EndpointSlices, where both were collected whole. */
export function wholeLists(read: Reader): { services: ObjectList; slices: ObjectList } | undefined {
  const services = read.objects('services');
  const slices = read.objects('endpointslices.discovery.k8s.io');
  return services?.complete === true && slices?.complete === true ? { services, slices } : undefined;
}

export function serviceKey({ object }: StoredObject): string {
  return object.metadata.namespace === undefined ? `default/${object.metadata.name}` : objectName(object);
}

const sliceIndexes = new WeakMap<ObjectList, ReadonlyMap<string, readonly StoredObject[]>>();
const addressIndexes = new WeakMap<ObjectList, ReadonlyMap<string, StoredObject>>();

function remembered<T>(list: ObjectList, store: WeakMap<ObjectList, T>, make: () => T): T {
  let value = store.get(list);
  if (value === undefined) {
    value = make();
    store.set(list, value);
  }
  return value;
}
