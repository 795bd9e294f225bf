import type { Interface } from '../../../datapath/convert/interfaces.ts';
import type { Namespace } from '../../../datapath/model/namespace.ts';
import type { Network } from '../../../datapath/model/network.ts';
import type { Hop } from '../../../datapath/walk/walk.ts';
import { formatAddress, type IpAddress, isSameAddress } from '../../../net/address.ts';
import type { Cause, CauseRemedy } from '../../model/diagnosis.ts';
import type { DiagnosisContext, Leg } from '../cause.ts';
import { lastHop, lastLink } from '../shared/ends.ts';
import { expectedRoute, routeCommand } from '../shared/expected-route.ts';
import { homeOf } from '../shared/home.ts';
import { type AnnouncedAddress, announcedAddresses, commonNetwork } from '../shared/peers.ts';
import { whereOf } from '../shared/place.ts';
import { endpointCommand, vxlanHops } from '../shared/vxlan-hop.ts';

/** Addresses that a Node object gives its node and that others send to in vain: nothing has them, or an interface apart. */
export function findAnnounced(leg: Leg, context: DiagnosisContext, isAstray: boolean): readonly Cause[] {
  const { network } = context;
  const sentTo = isAstray ? nodeAddressSentTo(leg) : undefined;
  return nodesOn(leg, network).flatMap((node): readonly Cause[] => {
    const wrong = wrongAddresses(network, leg.trail.end.namespace, node);
    if (!isAstray) {
      return wrong
        .filter(({ carrier }) => carrier === undefined)
        .map((found) => causeOf(leg, context, node, found, false));
    }
    return wrong
      .filter(({ address }) => sentTo !== undefined && isSameAddress(sentTo, address))
      .map((found) => causeOf(leg, context, node, found, true));
  });
}

/** The address of a node that the last packet was sent to: the outer destination in a tunnel, else the next router. */
function nodeAddressSentTo(leg: Leg): IpAddress | undefined {
  const last: Hop | undefined = lastHop(leg);
  return last?.inner === undefined ? lastLink(leg)?.nextHop : last.packet.destination;
}

function nodesOn({ trail: { hops, end } }: Leg, network: Network): readonly string[] {
  const home = homeOf(network, end.packet.destination);
  const names = [...hops.map(({ namespace }) => namespace.node), ...(home === undefined ? [] : [home.node])];
  return [...new Set(names)];
}

interface WrongAddress extends AnnouncedAddress {
  /** The interface that has it, and that does not stand on the network of who sends to it. */
  readonly carrier?: Interface;
}

/** Announced addresses that no interface of the node has, where all of them are known, or one on another network. */
function wrongAddresses(network: Network, sender: Namespace, node: string): readonly WrongAddress[] {
  const host = network.nodes.get(node)?.host;
  if (host?.interfaces?.hasAddresses !== true || !host.interfaces.isComplete) return [];
  const all = announcedAddresses(network, node);
  const each = all.filter(
    ({ address }, index) => all.findIndex((other) => isSameAddress(other.address, address)) === index,
  );
  return each.flatMap((announced): readonly WrongAddress[] => {
    const carrier = host.interfaceWith(announced.address);
    if (carrier === undefined) return [announced];
    if (sender.node === node) return [];
    const common = commonNetwork(network, sender, node, announced.address.family);
    const isApart = common !== undefined && !isSameAddress(common.address, announced.address);
    return isApart ? [{ ...announced, carrier }] : [];
  });
}

function causeOf(
  leg: Leg,
  context: DiagnosisContext,
  node: string,
  { address, source, evidence, carrier }: WrongAddress,
  isUsed: boolean,
): Cause {
  const text = formatAddress(address);
  const host = context.network.nodes.get(node)?.host;
  const sender = leg.trail.end.namespace.node;
  const where =
    carrier === undefined
      ? 'but no interface of the node has this address'
      : `which is on ${carrier.name}, not on the network that ${sender} shares with ${node}`;
  const harm = isUsed
    ? `so what ${sender} sends there is lost`
    : 'so other nodes will send to it in vain when they rely on it';
  return {
    cause: 'node-address-wrong',
    effect: isUsed ? 'blocks' : 'hazard',
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
      ...(isUsed ? redirect(leg, context, node) : []),
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
