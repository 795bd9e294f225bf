import { formatAddress, type IpAddress } from '../../net/address.ts';
import type { UnsurePoint } from '../choices/choices.ts';
import { remember } from './acquaintances.ts';
import { askerOf, carries } from './answers.ts';
import { bringMessage, receiveMessage, sendMessage } from './carry-message.ts';
import type { Addressee } from './find-station.ts';
import { answerFrom, describeMessage, questionFor, solicitorOf } from './neighbour-message.ts';
import type { Station } from './veth.ts';
import { addStep, type Buffer, type End, end, endSilently, isEnd, noteMissing, type Walk } from './walk.ts';

/** `IN6_ADDR_GEN_MODE_NONE` (include/uapi/linux/if_link.h). */
const NO_LINK_LOCAL = 1;

/** A packet whose next hop has to be known. */
export type Asking = Pick<Addressee, 'namespace' | 'device' | 'nextHop' | 'buffer' | 'own' | 'entry'>;

/** The address that a question comes from, or the end of the packet where there is none and so nobody is asked. */
export function askerFor(walk: Walk, asking: Asking): IpAddress | End {
  const { namespace, own, nextHop, buffer, device } = asking;
  const { source } = buffer.packet;
  // ARP asks without an address where it has none (`arp_solicit`).
  if (nextHop.family === 4) return askerOf(namespace, own, source, nextHop) ?? { family: 4, bits: 0n };
  const asker = solicitorOf(own, source);
  if (asker !== undefined) return asker;
  if (namespace.settings.number(`net.ipv6.conf.${own.name}.addr_gen_mode`) === NO_LINK_LOCAL) {
    return end(walk, 'neighbor-unreachable', asking, {
      element: 'neighbour',
      detail: `nobody is asked for ${formatAddress(nextHop)}: ${device} has no link-local address to ask from`,
      evidence: [own.place],
    });
  }
  // The kernel gives every interface one otherwise (net/ipv6/addrconf.c, `addrconf_addr_gen`); lists made by hand lack it.
  noteMissing(walk, own.place.file, `not listed: the link-local address of ${own.name}`);
  return source;
}

/**
 * Sends the question who has the next hop, and the answer back, through the hooks of both sides (`ndisc_send_skb`, net/ipv6/ndisc.c;
 * `arp_xmit`, net/ipv4/arp.c). `doubt` says why it may not have been necessary.
 * Returns the end of the packet where the question or the answer is lost.
 */
export function askNeighbour(
  walk: Walk,
  asking: Asking,
  answering: Station | undefined,
  { asker, doubt }: { readonly asker: IpAddress; readonly doubt: UnsurePoint | undefined },
): End | undefined {
  const { namespace, own, nextHop } = asking;
  const careful = withoutChance(walk, asking);
  const near: Station = { namespace, device: own };
  const question = questionFor(nextHop, asker);
  noteMessage(walk, near, 'solicit', question);
  const noted = walk.steps.length;
  const sent = sendMessage(careful, question, near);
  if (isEnd(sent)) return lose(asking, sent);
  const lost = answering === undefined ? undefined : bringMessage(careful, sent, near, answering);
  if (lost !== undefined) return lose(asking, lost);
  walk.steps.length = noted;
  // Who is asked learns who asks (`ndisc_recv_ns`; `arp_process`).
  if (answering !== undefined) remember(walk, answering, asker, doubt);
  const unanswered =
    answering === undefined
      ? comeBack(careful, near, nextHop, asker)
      : answer(careful, near, answering, { nextHop, asker });
  return unanswered === undefined ? undefined : lose(asking, unanswered);
}

/** The answer of somebody who was not collected, as it comes in. */
function comeBack(walk: Walk, near: Station, nextHop: IpAddress, asker: IpAddress): End | undefined {
  const packet = answerFrom(nextHop, asker);
  noteMessage(walk, near, 'advertise', packet);
  const buffer: Buffer = { packet, connection: undefined };
  const { namespace, device } = near;
  return receiveMessage(walk, { kind: 'arrive', namespace, device: device.name, buffer });
}

function answer(
  walk: Walk,
  near: Station,
  answering: Station,
  { nextHop, asker }: { readonly nextHop: IpAddress; readonly asker: IpAddress },
): End | undefined {
  const { namespace, device, bridge } = answering;
  // A proxy of IPv6 answers from an address of its own (`ndisc_send_na`).
  const isProxy = nextHop.family === 6 && !carries(device, nextHop);
  const source = isProxy ? namespace.masqueradeAddress(device.name, asker) : nextHop;
  const packet = answerFrom(source ?? nextHop, asker);
  noteMessage(walk, answering, 'advertise', packet);
  const sent = sendMessage(walk, packet, answering);
  if (isEnd(sent)) return sent;
  const back =
    bridge === undefined ? {} : { bridge: { ...bridge, inPort: bridge.outPort, outPort: bridge.inPort } };
  return bringMessage(walk, sent, answering, { ...near, ...back });
}

/** The kernel asks several times (`mcast_solicit`), so the chance of a single question does not decide. */
function withoutChance(walk: Walk, { own }: Asking): Walk {
  const text = `chance decides about questions for neighbours on ${own.name}, and the kernel asks more than once`;
  return {
    ...walk,
    choices: {
      random: (weights) => walk.choices.unsure({ ...own.place, text, isMissing: false }, weights.length),
      unsure: (point, count) => walk.choices.unsure(point, count),
    },
  };
}

function noteMessage(
  walk: Walk,
  { namespace, device }: Station,
  action: 'solicit' | 'advertise',
  packet: Buffer['packet'],
): void {
  addStep(walk, namespace, {
    element: 'neighbour',
    action,
    detail: describeMessage(packet),
    evidence: [device.place],
  });
}

/** The packet waits for an answer that does not come, and is thrown away in the end. */
function lose(asking: Asking, { disposition, namespace, packet }: End): End {
  return {
    ...endSilently(disposition === 'unknown' ? 'unknown' : 'neighbor-unreachable', asking),
    discovery: { namespace, packet },
  };
}
