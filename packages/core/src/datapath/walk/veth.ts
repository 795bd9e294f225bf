import type { Interface } from '../convert/interfaces.ts';
import type { Namespace } from '../model/namespace.ts';
import type { Network } from '../model/network.ts';

/** An interface at the other end of a link. */
export interface Station {
  readonly namespace: Namespace;
  readonly device: Interface;
  /** Where both hang on cables: nothing shows that these lead to the same network, and nothing that they do not. */
  readonly isDoubtful?: boolean;
  /** The bridge that stands between, with its ports. */
  readonly bridge?: {
    readonly namespace: Namespace;
    readonly device: Interface;
    /** Empty where the host sends by the bridge. */
    readonly inPort: string;
    /** Empty where the packet goes to the bridge itself. */
    readonly outPort: string;
  };
}

/**
 * The other end of a veth pair. Each end prints the index of the other; within a node the pair of both indexes names one
 * interface, unless namespaces were made alike, in which case the addresses tell them apart or nothing does.
 */
export function veth(network: Network, namespace: Namespace, device: Interface): Station | undefined {
  const { link } = device;
  const local =
    link.peerIndex === undefined && link.peer !== undefined ? namespace.interface(link.peer) : undefined;
  if (local !== undefined) return { namespace, device: local };
  const node = network.nodes.get(namespace.node);
  if (node === undefined || link.index === undefined || link.peerIndex === undefined) return undefined;
  const found: Station[] = [];
  for (const other of [node.host, ...node.namespaces.values()]) {
    if (other === namespace) continue;
    for (const candidate of other.interfaces?.all.values() ?? []) {
      const { index, peerIndex, kind } = candidate.link;
      if (index === link.peerIndex && peerIndex === link.index && (kind === 'veth' || kind === undefined)) {
        found.push({ namespace: other, device: candidate });
      }
    }
  }
  if (found.length < 2) return found[0];
  const named = found.filter(({ namespace: { name } }) => name === link.peerNetns);
  return named.length === 1 ? named[0] : byRoute(namespace, device, found);
}

/** Among ends that look the same, the one whose address is routed to this interface. */
function byRoute(namespace: Namespace, device: Interface, found: readonly Station[]): Station | undefined {
  const fitting = found.filter(({ device: { addresses } }) =>
    addresses.some(({ address }) => {
      const result = namespace.route({ destination: address, mark: 0, inInterface: 'lo' });
      return result.kind === 'unicast' && result.device === device.name;
    }),
  );
  return fitting.length === 1 ? fitting[0] : undefined;
}
