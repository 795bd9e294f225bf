import type { Network } from '../../datapath/model/network.ts';
import type { Packet } from '../../datapath/model/packet.ts';
import {
  clusterIPsOf,
  loadBalancerIngress,
  type ServicePort,
  serviceKey,
  serviceSpec,
  slicesByService,
} from '../../facts/derived/kube-proxy/service-index.ts';
import type { StoredObject } from '../../facts/snapshot/object-store.ts';
import type { Snapshot } from '../../facts/snapshot/snapshot.ts';
import { formatAddress, parseAddress } from '../../net/address.ts';
import { hasPorts, protocolName } from '../../net/protocol.ts';
import { nodeWith } from '../objects/node-addresses.ts';
import { endpointsOf, type ServiceEndpoint } from './endpoints.ts';

/** The port of a service that a packet was sent to. */
export interface CalledService {
  /** `namespace/name` */
  readonly name: string;
  readonly stored: StoredObject;
  readonly port: ServicePort;
  readonly isNodePort: boolean;
  /** `tcp`, `udp`, `sctp` */
  readonly protocol: string;
  /** As packets name it. */
  readonly address: string;
  readonly portNumber: number;
  /** Whether only endpoints on the node that the packet comes in at are used. */
  readonly isLocalOnly: boolean;
  /** Undefined where EndpointSlices were not collected whole. */
  readonly endpoints: readonly ServiceEndpoint[] | undefined;
}

/** The service that a packet is for by its address and port; undefined where it is for none that is known. */
export function calledService(
  snapshot: Snapshot,
  network: Network,
  packet: Packet,
): CalledService | undefined {
  const { destinationPort: portNumber } = packet;
  if (portNumber === undefined || !hasPorts(packet.protocol)) return undefined;
  const protocol = protocolName(packet.protocol);
  const address = formatAddress(packet.destination);
  const isOfNode = nodeWith(network, packet.destination) !== undefined;
  for (const stored of network.objects('services') ?? []) {
    const spec = serviceSpec(stored);
    const isInternal = hasAddress(clusterIPsOf(stored), address);
    const isExternal = hasAddress(externalAddresses(stored), address);
    if (!isInternal && !isExternal && !isOfNode) continue;
    for (const port of Array.isArray(spec.ports) ? spec.ports : []) {
      if ((port.protocol ?? 'TCP').toLowerCase() !== protocol) continue;
      const isNodePort = !isInternal && !isExternal && port.nodePort === portNumber;
      if (!isNodePort && (!(isInternal || isExternal) || port.port !== portNumber)) continue;
      const policy = isInternal ? spec.internalTrafficPolicy : spec.externalTrafficPolicy;
      return {
        name: serviceKey(stored),
        stored,
        port,
        isNodePort,
        protocol,
        address,
        portNumber,
        isLocalOnly: policy === 'Local',
        endpoints: endpoints(snapshot, stored, port, packet),
      };
    }
  }
  return undefined;
}

function hasAddress(addresses: readonly string[], wanted: string): boolean {
  return addresses.some((text) => {
    const address = parseAddress(text);
    return address !== undefined && formatAddress(address) === wanted;
  });
}

function externalAddresses(stored: StoredObject): readonly string[] {
  const { externalIPs } = serviceSpec(stored);
  const ingress = loadBalancerIngress(stored).flatMap(({ ip }) => ip ?? []);
  return [...(Array.isArray(externalIPs) ? externalIPs : []), ...ingress];
}

function endpoints(
  snapshot: Snapshot,
  stored: StoredObject,
  port: ServicePort,
  { destination }: Packet,
): readonly ServiceEndpoint[] | undefined {
  const slices = snapshot.objects.get('endpointslices.discovery.k8s.io');
  if (slices?.complete !== true) return undefined;
  return endpointsOf(slicesByService(slices).get(serviceKey(stored)) ?? [], port, destination.family);
}
