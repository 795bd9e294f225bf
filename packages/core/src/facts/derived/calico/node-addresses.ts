import { type FactDefinition, known, type Origin } from '../../fact.ts';
import { inObject } from '../../reader.ts';
import { isInNetwork, type Network, networkOf } from './ipv4.ts';

/** The IPv4 address of a node as Calico keeps it; its prefix decides what "same subnet" is. */
export interface NodeAddress {
  readonly node: string;
  readonly address: string;
  readonly network: Network;
  readonly origin: Origin;
}

export interface NodeAddresses {
  readonly byNode: ReadonlyMap<string, NodeAddress>;
  /** False where Node objects are missing or have no address: there may be peers that nobody listed. */
  readonly complete: boolean;
}

export const ADDRESS_ANNOTATION = 'projectcalico.org/IPv4Address';

/** Addresses of all nodes from the annotation that calico-node writes. */
export const nodeAddresses: FactDefinition<NodeAddresses> = {
  id: 'calico.node-addresses',
  title: 'node addresses of Calico',
  level: 'cluster',
  format: ({ byNode }) => [...byNode.values()].map(({ node, address }) => `${node} ${address}`).join(', '),
  compute(read) {
    const list = read.objects('nodes');
    const byNode = new Map<string, NodeAddress>();
    for (const stored of list?.items ?? []) {
      const annotations = stored.object.metadata.annotations as Readonly<Record<string, unknown>> | undefined;
      const text = annotations?.[ADDRESS_ANNOTATION];
      const network = typeof text === 'string' ? networkOf(text) : undefined;
      if (typeof text !== 'string' || network === undefined) continue;
      const node = stored.object.metadata.name;
      const address = text.split('/')[0] ?? '';
      const origin = inObject(stored, '/metadata/annotations/projectcalico.org~1IPv4Address');
      byNode.set(node, { node, address, network, origin });
    }
    const names = new Set(list?.items.map(({ object }) => object.metadata.name));
    const complete = list?.complete === true && byNode.size === names.size;
    return known({ byNode, complete });
  },
};

/** The first node outside the subnet of `own`. */
export function peerElsewhere(own: NodeAddress, all: NodeAddresses): NodeAddress | undefined {
  for (const peer of all.byNode.values()) if (!isInNetwork(peer.address, own.network)) return peer;
  return undefined;
}

/** The first other node inside the subnet of `own`. */
export function peerBeside(own: NodeAddress, all: NodeAddresses): NodeAddress | undefined {
  for (const peer of all.byNode.values()) {
    if (peer.node !== own.node && isInNetwork(peer.address, own.network)) return peer;
  }
  return undefined;
}
