import type { Network } from '../../datapath/model/network.ts';
import {
  clusterIPsOf,
  type ServicePort,
  serviceKey,
  serviceSpec,
  slicesByService,
} from '../../facts/derived/kube-proxy/service-index.ts';
import type { StoredObject } from '../../facts/snapshot/object-store.ts';
import type { Snapshot } from '../../facts/snapshot/snapshot.ts';
import type { Evidence } from '../../model/evidence.ts';
import { endpointsOf, type ServiceEndpoint, socket, usable } from '../services/endpoints.ts';
import type { DnsName } from './read-name.ts';

/** What a name stands for. */
export type NameTarget =
  /** `to` of a question. */
  | { readonly kind: 'found'; readonly to: string }
  /** The name does not exist, or leads to nobody. */
  | { readonly kind: 'missing'; readonly text: string; readonly evidence: readonly Evidence[] }
  /** Only name servers that were not collected could tell. */
  | { readonly kind: 'open'; readonly text: string };

/** Looks a name up in the objects of the cluster, as CoreDNS does (https://github.com/kubernetes/dns/blob/master/docs/specification.md). */
export function nameTarget(snapshot: Snapshot, network: Network, name: DnsName): NameTarget {
  if (name.kind === 'external')
    return {
      kind: 'open',
      text: `what ${name.full} stands for is known to name servers outside of the cluster only`,
    };
  const stored = network.object('services', name.namespace, name.service);
  if (stored === undefined) return noService(snapshot, network, name);
  const { type } = serviceSpec(stored);
  const { externalName } = (stored.object.spec ?? {}) as { readonly externalName?: unknown };
  if (type === 'ExternalName')
    return {
      kind: 'open',
      text: `Service ${serviceKey(stored)} is another name for ${String(externalName)}, which is not followed`,
    };
  const port = name.port === undefined ? '' : `:${name.port}`;
  if (name.member !== undefined && network.pod(name.namespace, name.member) !== undefined)
    return { kind: 'found', to: `pod/${name.namespace}/${name.member}${port}` };
  if (clusterIPsOf(stored).length > 0)
    return { kind: 'found', to: `service/${name.namespace}/${name.service}${port}` };
  return headless(snapshot, stored, name);
}

function noService(
  snapshot: Snapshot,
  network: Network,
  name: Extract<DnsName, { kind: 'service' }>,
): NameTarget {
  const list = snapshot.objects.get('services');
  const text = `there is no Service ${name.namespace}/${name.service}`;
  if (list?.complete !== true) return { kind: 'open', text: `${text} among those that were collected` };
  const others = (network.objects('services') ?? []).filter(
    ({ object }) => object.metadata.name === name.service,
  );
  const elsewhere = others
    .map(({ object }) => object.metadata.namespace ?? '')
    .slice(0, 3)
    .join(' and ');
  return {
    kind: 'missing',
    text: `${text}${elsewhere === '' ? '' : ` (there is one in ${elsewhere})`}, so the name does not exist`,
    evidence: [
      ...list.files.map((file) => ({ file })),
      ...others.map(({ file, pointer }) => ({ file, pointer })),
    ],
  };
}

/** A headless service stands for its endpoints; the first one is walked to. */
function headless(
  snapshot: Snapshot,
  stored: StoredObject,
  name: Extract<DnsName, { kind: 'service' }>,
): NameTarget {
  const slices = snapshot.objects.get('endpointslices.discovery.k8s.io');
  if (slices?.complete !== true) return { kind: 'open', text: 'EndpointSlices were not collected whole' };
  const own = slicesByService(slices).get(serviceKey(stored)) ?? [];
  const [first] = usable((serviceSpec(stored).ports ?? []).flatMap((port) => both(own, port)));
  if (first === undefined) {
    return {
      kind: 'missing',
      text: `the headless Service ${serviceKey(stored)} has no ready endpoint, so its name stands for no address`,
      evidence: [
        { file: stored.file, pointer: stored.pointer },
        ...own.map(({ file, pointer }) => ({ file, pointer })),
      ],
    };
  }
  return { kind: 'found', to: socket({ address: first.address, port: name.port ?? first.port }) };
}

function both(slices: readonly StoredObject[], port: ServicePort): readonly ServiceEndpoint[] {
  return [...endpointsOf(slices, port, 4), ...endpointsOf(slices, port, 6)];
}
