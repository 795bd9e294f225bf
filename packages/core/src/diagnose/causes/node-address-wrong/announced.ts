import type { Interface } from '../../../datapath/convert/interfaces.ts';
import type { Namespace } from '../../../datapath/model/namespace.ts';
import type { Network } from '../../../datapath/model/network.ts';
import type { Hop } from '../../../datapath/walk/walk.ts';
import { formatAddress, type IpAddress, isSameAddress } from '../../../net/address.ts';
import type { Cause, CauseRemedy } from '../../model/diagnosis.ts';
import type { DiagnosisContext, Leg } from '../cause.ts';
import { lastHop } from '../shared/ends.ts';
import { expectedRoute, routeCommand } from '../shared/expected-route.ts';
import { homeOf } from '../shared/home.ts';
import { type AnnouncedAddress, announcedAddresses, commonNetwork } from '../shared/peers.ts';
import { whereOf } from '../shared/place.ts';
import { endpointCommand, vxlanHops } from '../shared/vxlan-hop.ts';

/** An address that a node sent to, to reach another node. */
interface Use {
  readonly sender: Namespace;
  readonly address: IpAddress;
}

/** Addresses that a Node object gives its node and that others send to in vain: nothing has them, or an interface apart. */
export function findAnnounced(leg: Leg, context: DiagnosisContext, isAstray: boolean): readonly Cause[] {
  const { network } = context;
  const last = lastHop(leg);
  const used = isAstray ? (last === undefined ? [] : usesAt(last)) : leg.trail.hops.flatMap(usesAt);
  return nodesOn(leg, network).flatMap((node) =>
    wrongAddresses(network, used, node)
      // Where the packet was lost, only what it was sent to last can be to blame.
      .filter(({ use }) => !isAstray || use !== undefined)
      .map((found) => causeOf(leg, context, node, found, isAstray)),
  );
}

/** The outer destination in a tunnel, and the next router of what leaves a node. */
function usesAt({ kind, namespace, inner, packet, nextHop }: Hop): readonly Use[] {
  if (namespace.name !== '') return [];
  return [
    ...(inner === undefined ? [] : [{ sender: namespace, address: packet.destination }]),
    ...(kind !== 'transmit' || nextHop === undefined ? [] : [{ sender: namespace, address: nextHop }]),
  ];
}

function nodesOn({ trail: { hops, end } }: Leg, network: Network): readonly string[] {
  const home = homeOf(network, end.packet.destination);
  const names = [...hops.map(({ namespace }) => namespace.node), ...(home === undefined ? [] : [home.node])];
  return [...new Set(names)];
}

interface WrongAddress extends AnnouncedAddress {
  /** The interface that has it, and that does not stand on the network of who sends to it. */
  readonly carrier?: Interface;
  readonly use: Use | undefined;
}

/** Announced addresses that no interface of the node has, where all of them are known, or one on another network. */
function wrongAddresses(network: Network, used: readonly Use[], node: string): readonly WrongAddress[] {
  const host = network.nodes.get(node)?.host;
  if (host?.interfaces?.hasAddresses !== true || !host.interfaces.isComplete) return [];
  const all = announcedAddresses(network, node);
  const each = all.filter(
    ({ address }, index) => all.findIndex((other) => isSameAddress(other.address, address)) === index,
  );
  return each.flatMap((announced): readonly WrongAddress[] => {
    const use = used.find(
      ({ sender, address }) => sender !== host && isSameAddress(address, announced.address),
    );
    const carrier = host.interfaceWith(announced.address);
    if (carrier === undefined) return [{ ...announced, use }];
    const common =
      use === undefined ? undefined : commonNetwork(network, use.sender, node, announced.address.family);
    const isApart = common?.isShared === true && !isSameAddress(common.address, announced.address);
    return isApart ? [{ ...announced, carrier, use }] : [];
  });
}

function causeOf(
  leg: Leg,
  context: DiagnosisContext,
  node: string,
  { address, source, evidence, carrier, use }: WrongAddress,
  isLost: boolean,
): Cause {
  const text = formatAddress(address);
  const host = context.network.nodes.get(node)?.host;
  const sender = use?.sender.node;
  const where =
    carrier === undefined
      ? 'but no interface of the node has this address'
      : `which is on ${carrier.name}, not on the network that ${sender ?? 'the sender'} shares with ${node}`;
  const harm = isLost
    ? `so what ${sender ?? 'the sender'} sends there is lost`
    : use === undefined
      ? 'so other nodes will send to it in vain when they rely on it'
      : `so what ${use.sender.node} sends there arrives only if routers between them know the address`;
  return {
    cause: 'node-address-wrong',
    effect: isLost ? 'blocks' : 'hazard',
    direction: leg.direction,
    subject: { kind: 'node', name: node },
    text: `${source} of node ${node} is ${text}, ${where}, ${harm}.`,
    evidence: [
      evidence,
      ...(carrier !== undefined
        ? [carrier.place]
        : host?.interfaces === undefined
          ? []
          : [{ file: host.interfaces.file }]),
    ],
    remedies: [
      ...(use !== undefined ? redirect(leg, context, node) : []),
      {
        kind: 'manual',
        text: `Correct the address at its source: for InternalIP --node-ip of the kubelet on ${node}, for the annotation of Calico IP_AUTODETECTION_METHOD of calico-node; then restart it.`,
      },
    ],
  };
}

/** Lets the sender use the address that the node really has. */
function redirect(leg: Leg, { network }: DiagnosisContext, node: string): readonly CauseRemedy[] {
  const hop = vxlanHops(leg, network).findLast(({ far }) => far.node === node);
  const mac = hop?.neighbour?.mac;
  if (hop !== undefined) {
    if (mac === undefined || hop.farAddress === undefined) return [];
    return [remedyAt(hop.host.node, node, endpointCommand(hop, mac, hop.farAddress))];
  }
  const sender = leg.trail.hops.findLast(
    ({ inner, namespace }) => inner === undefined && namespace.name === '',
  );
  if (sender === undefined || sender.namespace.node === node) return [];
  const route = expectedRoute(network, sender.namespace, node, leg.trail.end.packet.destination);
  if (route === undefined) return [];
  return [
    { ...remedyAt(sender.namespace.node, node, routeCommand(route)), where: whereOf(sender.namespace) },
  ];
}

function remedyAt(sender: string, node: string, command: string): CauseRemedy {
  return {
    kind: 'node-command',
    text: `Let ${sender} send to the address that ${node} has.`,
    command,
    where: { node: sender },
    persistence: 'Until the network plugin writes its entries again.',
  };
}
