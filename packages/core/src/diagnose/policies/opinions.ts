import type { Network } from '../../datapath/model/network.ts';
import type { Packet } from '../../datapath/model/packet.ts';
import type { StoredObject } from '../../facts/snapshot/object-store.ts';
import type { IpAddress } from '../../net/address.ts';
import { protocolName } from '../../net/protocol.ts';
import { calicoOpinion } from './calico-policy.ts';
import { kubernetesOpinion } from './kubernetes-policy.ts';
import type { Labels } from './label-selector.ts';
import type { PolicyFlow, PolicyOpinion, PolicyPod } from './policy.ts';

type Judge = (stored: StoredObject, flow: PolicyFlow) => PolicyOpinion | undefined;

const RESOURCES: readonly (readonly [string, Judge])[] = [
  ['networkpolicies.networking.k8s.io', kubernetesOpinion],
  ['networkpolicies.crd.projectcalico.org', calicoOpinion],
  ['globalnetworkpolicies.crd.projectcalico.org', calicoOpinion],
];

/** What all policies that select the pod at one end of a packet's way say; undefined where no pod is there or none were collected. */
export function policyOpinions(
  network: Network,
  packet: Packet,
  direction: PolicyFlow['direction'],
): { readonly flow: PolicyFlow; readonly opinions: readonly PolicyOpinion[] } | undefined {
  const source = policyPod(network, packet.source);
  const destination = policyPod(network, packet.destination);
  const pod = direction === 'ingress' ? destination : source;
  if (pod === undefined || RESOURCES.every(([resource]) => network.objects(resource) === undefined))
    return undefined;
  const [address, other] =
    direction === 'ingress' ? [packet.source, source] : [packet.destination, destination];
  const flow: PolicyFlow = {
    direction,
    pod,
    other: { address, ...(other === undefined ? {} : { pod: other }) },
    protocol: protocolName(packet.protocol),
    port: packet.destinationPort,
    portOwner: destination,
  };
  const opinions = RESOURCES.flatMap(([resource, judge]) =>
    (network.objects(resource) ?? []).flatMap((stored) => judge(stored, flow) ?? []),
  );
  return { flow, opinions };
}

interface PodFields {
  readonly spec?: {
    readonly containers?: readonly {
      readonly ports?: readonly { readonly name?: string; readonly containerPort?: number }[] | null;
    }[];
  };
}

function policyPod(network: Network, address: IpAddress): PolicyPod | undefined {
  const record = network.podWith(address);
  const stored = record === undefined ? undefined : network.object('pods', record.namespace, record.name);
  if (record === undefined || stored === undefined) return undefined;
  const { spec } = stored.object as PodFields;
  const ports = (spec?.containers ?? []).flatMap((container) => container.ports ?? []);
  return {
    namespace: record.namespace,
    name: record.name,
    labels: (stored.object.metadata.labels ?? {}) as Labels,
    namespaceLabels: namespaceLabels(network, record.namespace),
    ports: new Map(
      ports.flatMap(({ name, containerPort }) =>
        name !== undefined && containerPort !== undefined ? [[name, containerPort] as const] : [],
      ),
    ),
  };
}

function namespaceLabels(network: Network, name: string): Labels | undefined {
  const stored = network.object('namespaces', undefined, name);
  if (stored === undefined) return undefined;
  const labels = (stored.object.metadata.labels ?? {}) as Labels;
  return { ...labels, 'projectcalico.org/name': name };
}
