import { type Family, type IpAddress, parseAddress } from '../net/address.ts';
import { hasPorts, PROTOCOL, protocolName, protocolNumber } from '../net/protocol.ts';
import type { UnsurePoint } from './choices/choices.ts';
import { echoRequest } from './elements/icmp-types.ts';
import { type Place, readPlace } from './endpoint.ts';
import type { TraceErrorCode, TraceQuestion, TraceRefusal } from './model/answer.ts';
import type { Namespace } from './model/namespace.ts';
import type { Network } from './model/network.ts';
import { type Packet, TCP_FLAGS } from './model/packet.ts';
import { isSettled, resolveSource, resolveTarget } from './resolve.ts';

/** A question with its names resolved. */
export interface Asked {
  readonly packet: Packet;
  readonly protocolName: string;
  readonly isEstablished: boolean;
  /** Where the packet starts: sent by a namespace, or coming in by an interface of it. */
  readonly start: { readonly namespace: Namespace; readonly device?: string };
  /** What was taken for granted to answer at all. */
  readonly assumption?: UnsurePoint;
}

/** Bytes of a first packet. That of a TCP connection has 20 bytes of options. */
const FIRST_PACKET_SIZE = 60;
const FIRST_PACKET_SIZE_TCP_V6 = 80;
const FIRST_TTL = 64;

/** Refuses a question. */
function refuse(question: TraceQuestion, code: TraceErrorCode, message: string): TraceRefusal {
  return { question, error: { code, message } };
}

/** Resolves the names of a question, or says why it can not be answered. */
export function understandQuestion(network: Network, question: TraceQuestion): Asked | TraceRefusal {
  const from = readPlace(question.from);
  const to = readPlace(question.to);
  if (from === undefined || from.kind === 'service') {
    return refuse(
      question,
      'bad-question',
      `from: expected node/NAME, pod/NAMESPACE/NAME, netns/NODE/NAME or an IP address, not "${question.from}"`,
    );
  }
  if (to === undefined) {
    return refuse(
      question,
      'bad-question',
      `to: expected node/NAME, pod/NAMESPACE/NAME, netns/NODE/NAME, service/NAMESPACE/NAME or an IP address, not "${question.to}"`,
    );
  }
  const named = (question.protocol ?? 'tcp').toLowerCase();
  if (!['tcp', 'udp', 'icmp', 'icmpv6', 'sctp'].includes(named)) {
    return refuse(question, 'bad-question', `protocol: expected tcp, udp, icmp or sctp, not "${named}"`);
  }
  if (question.state !== undefined && question.state !== 'new' && question.state !== 'established') {
    return refuse(
      question,
      'bad-question',
      `state: expected new or established, not "${String(question.state)}"`,
    );
  }
  return assemble(network, question, from, to, named);
}

function assemble(
  network: Network,
  question: TraceQuestion,
  from: Place,
  to: Place,
  named: string,
): Asked | TraceRefusal {
  const wanted: Family | undefined = from.kind === 'address' ? from.address.family : undefined;
  const target = resolveTarget(network, to, wanted);
  if (!isSettled(target)) return refuse(question, target.code, `to: ${target.message}`);
  const { family } = target.address;
  const source = resolveSource(network, from, target.address, question.in);
  if (!isSettled(source)) return refuse(question, source.code, `from: ${source.message}`);
  const protocol = protocolOf(named, family);
  const port = to.port ?? target.port;
  if (hasPorts(protocol) && port === undefined && to.kind === 'service') {
    return refuse(
      question,
      'bad-question',
      'to: the service has more than one port, so name one, as in service/NAMESPACE/NAME:80',
    );
  }
  const address = source.address ?? chooseSource(source.namespace, target.address);
  if (address === undefined) {
    return refuse(question, 'not-found', `from: no IPv${family} address to send from is known`);
  }
  const packet: Packet = {
    source: address,
    destination: target.address,
    protocol,
    ...portsOf(question, from, protocol, port),
    ...tcpFlagsOf(question, protocol),
    mark: 0,
    ttl: FIRST_TTL,
    size: question.size ?? firstSize(protocol, family),
    dontFragment: true,
    snat: false,
  };
  return {
    packet,
    protocolName:
      named === 'icmpv6' ? 'icmp' : protocolName(protocol === PROTOCOL.icmpv6 ? PROTOCOL.icmp : protocol),
    isEstablished: question.state === 'established',
    ...(source.assumption === undefined ? {} : { assumption: source.assumption }),
    start: { namespace: source.namespace, ...(source.device === undefined ? {} : { device: source.device }) },
  };
}

function firstSize(protocol: number, family: Family): number {
  return protocol === PROTOCOL.tcp && family === 6 ? FIRST_PACKET_SIZE_TCP_V6 : FIRST_PACKET_SIZE;
}

function protocolOf(named: string, family: Family): number {
  if (named === 'icmp' || named === 'icmpv6') return family === 4 ? PROTOCOL.icmp : PROTOCOL.icmpv6;
  return protocolNumber(named) ?? PROTOCOL.tcp;
}

function portsOf(question: TraceQuestion, from: Place, protocol: number, port: number | undefined) {
  if (!hasPorts(protocol)) return { icmpType: echoRequest(protocol) };
  const sourcePort = question.sourcePort ?? from.port;
  return {
    ...(sourcePort === undefined ? {} : { sourcePort }),
    ...(port === undefined ? {} : { destinationPort: port }),
  };
}

/** A connection begins with a SYN. */
function tcpFlagsOf({ state }: TraceQuestion, protocol: number): Pick<Packet, 'tcpFlags'> {
  if (protocol !== PROTOCOL.tcp) return {};
  return { tcpFlags: state === 'established' ? TCP_FLAGS.ack : TCP_FLAGS.syn };
}

/** The address that a socket gets when it is not bound to one: that of the route (net/ipv4/route.c, `ip_route_output_key`). */
function chooseSource(namespace: Namespace, destination: IpAddress): IpAddress | undefined {
  const result = namespace.route({ destination, mark: 0, inInterface: 'lo' });
  const preferred = 'entry' in result ? result.entry.route.source : undefined;
  const address = preferred === undefined ? undefined : parseAddress(preferred);
  if (address !== undefined) return address;
  if (result.kind === 'local') return destination;
  const device = 'entry' in result ? result.device : '';
  return namespace.masqueradeAddress(device, destination) ?? undefined;
}
