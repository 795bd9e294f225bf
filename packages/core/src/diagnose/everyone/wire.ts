import type { Trail } from '../../datapath/follow.ts';
import type { Packet } from '../../datapath/model/packet.ts';
import { formatAddress, type IpAddress, isSameAddress } from '../../net/address.ts';
import type { Shared } from './shared.ts';

/** The two ends of a question. */
export interface Ends {
  readonly from: { readonly node: string; readonly address: IpAddress };
  readonly to: { readonly node: string; readonly address: IpAddress };
}

type Hop = Trail['hops'][number];

/** Names of the nodes that a packet came to, in order. */
export function nodesOf({ hops }: Trail): readonly string[] {
  const nodes: string[] = [];
  for (const { namespace } of hops) if (nodes.at(-1) !== namespace.node) nodes.push(namespace.node);
  return nodes;
}

/**
 * A packet as it arrives at its second node, as a number: all that the node gets to know from it. Addresses stand as what they are
 * to the question, so that packets of pairs that are alike are the same.
 */
export function wireForm(shared: Shared, { hops }: Trail, ends: Ends): number | undefined {
  const first = hops[0]?.namespace.node;
  const hop = hops.find(({ namespace }) => namespace.node !== first);
  return hop === undefined ? undefined : shared.interner.text(describe(shared, hop, ends));
}

function describe(
  shared: Shared,
  { kind, namespace, device, packet, inner, tunnel }: Hop,
  ends: Ends,
): string {
  const mac = tunnel?.mac === undefined ? '' : nodeRole(shared.landmarks.mac(tunnel.mac), ends);
  const outer = describePacket(shared, packet, ends);
  const wrapped = inner === undefined ? '' : describePacket(shared, inner, ends);
  return `${kind} ${namespace.name} ${device ?? ''} ${outer} ${wrapped} ${tunnel?.kind ?? ''} ${tunnel?.vni ?? ''} ${mac}`;
}

function describePacket(shared: Shared, packet: Packet, ends: Ends): string {
  const {
    source,
    destination,
    protocol,
    sourcePort,
    destinationPort,
    mark,
    ttl,
    size,
    dontFragment,
    snat,
    icmpType,
  } = packet;
  return [
    addressRole(shared, source, ends),
    addressRole(shared, destination, ends),
    protocol,
    sourcePort ?? '',
    destinationPort ?? '',
    mark,
    ttl,
    size,
    dontFragment,
    snat,
    icmpType ?? '',
  ].join(' ');
}

function addressRole({ landmarks }: Shared, address: IpAddress, ends: Ends): string {
  const landmark = landmarks.address(formatAddress(address));
  if (landmark.node !== undefined) return nodeRole(landmark, ends);
  if (isSameAddress(address, ends.from.address)) return 'from';
  return isSameAddress(address, ends.to.address) ? 'to' : `${landmark.role}`;
}

function nodeRole(
  landmark: { readonly node: string | undefined; readonly role: number },
  { from, to }: Ends,
): string {
  const { node, role } = landmark;
  if (node === undefined) return `${role}`;
  return node === from.node ? `from ${role}` : node === to.node ? `to ${role}` : `${node} ${role}`;
}
