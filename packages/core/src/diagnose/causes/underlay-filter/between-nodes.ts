import { placeIn } from '../../../datapath/convert/namespace-evidence.ts';
import type { Namespace } from '../../../datapath/model/namespace.ts';
import type { Packet } from '../../../datapath/model/packet.ts';
import { formatAddress } from '../../../net/address.ts';
import { PROTOCOL } from '../../../net/protocol.ts';
import type { ConntrackEntry } from '../../../parsers/conntrack/index.ts';
import {
  conntrackListProbe,
  iptablesLegacySaveProbe,
  iptablesNftSaveProbe,
  iptablesSaveProbe,
} from '../../../probes/firewall.ts';
import type { Cause } from '../../model/diagnosis.ts';
import type { Leg } from '../cause.ts';

/** A packet on its way from one node to another. */
interface Crossing {
  readonly from: Namespace;
  readonly to: Namespace;
  /** What the pods, or the nodes, see of it. */
  readonly packet: Packet;
  /** What the network between the nodes sees. */
  readonly outer: Packet;
}

/**
 * The walk goes through, but connections of the same two addresses that really were tried got no answer, and the node that
 * they were for has not seen them: something between the nodes drops them.
 */
export function findBetweenNodes(leg: Leg): readonly Cause[] {
  if (leg.trail.end.disposition !== 'delivered' || leg.direction !== 'request') return [];
  return crossings(leg).flatMap((crossing): readonly Cause[] => {
    const sent = listOf(crossing.from);
    const received = listOf(crossing.to);
    if (sent === undefined || received?.complete !== true) return [];
    if (received.value.length === 0 && !tracks(crossing.to)) return [];
    const between = sent.value.filter((entry) => leavesAs(entry, crossing.packet));
    const lost = between.filter(({ flags }) => flags.includes('UNREPLIED'));
    const [first] = lost;
    if (first === undefined || lost.length < between.length) return [];
    if (received.value.some((entry) => isFrom(entry, crossing.packet))) return [];
    return [causeOf(leg, crossing, first, [placeIn(sent.file, first), { file: received.file }])];
  });
}

function listOf({ evidence }: Namespace) {
  return evidence.read(conntrackListProbe);
}

/** Rules that translate addresses make the kernel track connections; without any, an empty list says nothing. */
function tracks({ evidence }: Namespace): boolean {
  return [iptablesLegacySaveProbe, iptablesNftSaveProbe, iptablesSaveProbe].some(
    (probe) => evidence.read(probe)?.value.tables.has('nat') === true,
  );
}

function isFrom({ original }: ConntrackEntry, { source, destination }: Packet): boolean {
  return original.source === formatAddress(source) && original.destination === formatAddress(destination);
}

/** Packets of a connection leave with the addresses that its answers are expected at: those after translation. */
function leavesAs({ reply }: ConntrackEntry, { source, destination }: Packet): boolean {
  return reply?.destination === formatAddress(source) && reply.source === formatAddress(destination);
}

/** Where the packet leaves a node for another one. */
function crossings({ trail: { hops } }: Leg): readonly Crossing[] {
  return hops.flatMap((hop, index): readonly Crossing[] => {
    const next = hops[index + 1];
    if (hop.kind !== 'transmit' || next?.kind !== 'arrive' || next.namespace.node === hop.namespace.node)
      return [];
    if (hop.namespace.name !== '' || next.namespace.name !== '') return [];
    return [{ from: hop.namespace, to: next.namespace, packet: hop.inner ?? hop.packet, outer: hop.packet }];
  });
}

function causeOf(
  leg: Leg,
  { from, to, packet, outer }: Crossing,
  entry: ConntrackEntry,
  evidence: Cause['evidence'],
): Cause {
  const flow = `${formatAddress(packet.source)} to ${formatAddress(packet.destination)}`;
  return {
    cause: 'underlay-filter',
    effect: 'hazard',
    direction: leg.direction,
    subject: { kind: 'node', name: from.node },
    text: `${from.node} sent packets from ${flow} (${entry.protocol}) and got no answer, and ${to.node} has not seen them, although both nodes would pass them: something between the nodes seems to drop ${describeOuter(outer, packet)}.`,
    evidence,
    remedies: [
      {
        kind: 'manual',
        text: `Let ${describeOuter(outer, packet)} pass between all nodes: security groups, port security of the virtual switch, firewalls and filters between ${formatAddress(outer.source)} and ${formatAddress(outer.destination)}. To be sure, watch on both nodes: tcpdump -ni any host ${formatAddress(outer.source)} and host ${formatAddress(outer.destination)}.`,
      },
    ],
  };
}

function describeOuter(outer: Packet, packet: Packet): string {
  if (outer === packet) return `packets with addresses of pods (${formatAddress(packet.destination)})`;
  if (outer.protocol === PROTOCOL.udp) return `UDP to port ${outer.destinationPort ?? ''}`;
  return `IP protocol ${outer.protocol}`;
}
