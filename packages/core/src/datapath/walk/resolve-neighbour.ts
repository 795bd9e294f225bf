import { formatAddress } from '../../net/address.ts';
import { ip6NeighProbe } from '../../probes/network.ts';
import type { UnsurePoint } from '../choices/choices.ts';
import type { Interface } from '../convert/interfaces.ts';
import type { Namespace } from '../model/namespace.ts';
import { carries } from './answers.ts';
import { bringMessage, receiveMessage, sendMessage } from './carry-message.ts';
import type { Addressee } from './find-station.ts';
import { advertisement, describeMessage, solicitation, solicitorOf } from './neighbour-message.ts';
import { hasMac } from './stations.ts';
import type { Station } from './veth.ts';
import { addStep, type Buffer, type End, end, endSilently, expectSetting, isEnd, type Walk } from './walk.ts';

/** A packet whose next hop has to be known. */
export type Asking = Pick<Addressee, 'namespace' | 'device' | 'nextHop' | 'buffer' | 'own' | 'entry'>;

/**
 * Asks who has the next hop of a packet, where the sender has no hardware address for it: the question and the answer pass the hooks
 * of both sides like other packets (net/ipv6/ndisc.c, `ndisc_send_skb` and `ndisc_rcv`).
 * `answering` is who would answer, and undefined where that one was not collected.
 * Returns the end of the packet where no answer can come, and nothing where one can or none is needed.
 */
export function resolveNeighbour(
  walk: Walk,
  asking: Asking,
  answering: Station | undefined,
): End | undefined {
  const { namespace, own, nextHop } = asking;
  if (isWithoutQuestion(own) || isInEntry(asking, answering)) return undefined;
  noteAsked(walk, asking, answering?.namespace);
  if (nextHop.family === 4) return undefined;
  const known = walk.acquainted.get(acquaintance(namespace, own.name, nextHop));
  if (known !== undefined && known.doubt === undefined) return undefined;
  const doubt = known?.doubt ?? doubtOf(asking);
  const before = walk.steps.length;
  const lost = ask(walk, asking, answering, doubt);
  if (lost !== undefined && (doubt === undefined || walk.choices.unsure(doubt, 2) === 0)) return lost;
  // Only what keeps the packet from its way is worth a step.
  walk.steps.length = before;
  return undefined;
}

/** What becomes of the packet hangs on the other node too. */
function noteAsked(walk: Walk, { namespace, nextHop }: Asking, other: Namespace | undefined): void {
  if (other === undefined || other.node === namespace.node) return;
  if (walk.asked.get(other.node) !== 6) walk.asked.set(other.node, nextHop.family);
}

/** Interfaces on which nobody is asked (`ndisc_constructor`, net/ipv6/ndisc.c). */
function isWithoutQuestion({ link: { flags } }: Interface): boolean {
  return flags.some((flag) => flag === 'NOARP' || flag === 'LOOPBACK' || flag === 'POINTOPOINT');
}

/** Whether the entry of the next hop leads to who answers. With one that leads to nobody the kernel asks in the end. */
function isInEntry({ entry }: Asking, answering: Station | undefined): boolean {
  if (entry?.mac === undefined) return false;
  return answering?.device.link.mac === undefined || hasMac(answering, entry.mac);
}

/** Where the neighbours of the sender are not all known there may be an entry that leads to the next hop. */
function doubtOf({ namespace, entry }: Asking): UnsurePoint | undefined {
  if (entry !== undefined) return undefined;
  const neighbours = namespace.neighbours(6);
  if (neighbours?.complete === true && !neighbours.endsMidLine) return undefined;
  const file = neighbours?.file ?? namespace.evidence.pathOf(ip6NeighProbe);
  return { file, text: 'not collected: neighbours', isMissing: true };
}

function ask(
  walk: Walk,
  asking: Asking,
  answering: Station | undefined,
  doubt: UnsurePoint | undefined,
): End | undefined {
  const { namespace, own, nextHop, buffer } = asking;
  const source = solicitorOf(own, buffer.packet.source);
  if (source === undefined && hasNoSource(walk, asking)) return withoutSource(walk, asking);
  if (isFree(namespace, answering?.namespace, answering?.bridge?.namespace)) return undefined;
  const asker = source ?? buffer.packet.source;
  const careful = withoutChance(walk, asking);
  const near: Station = { namespace, device: own };
  const question = solicitation(asker, nextHop);
  noteMessage(walk, near, 'solicit', question);
  const noted = walk.steps.length;
  const sent = sendMessage(careful, question, near);
  if (isEnd(sent)) return lose(asking, sent);
  const lost = answering === undefined ? undefined : bringMessage(careful, sent, near, answering);
  if (lost !== undefined) return lose(asking, lost);
  walk.steps.length = noted;
  // Who is asked learns who asks (`ndisc_recv_ns`).
  if (answering !== undefined) remember(walk, answering.namespace, answering.device.name, asker, doubt);
  const answer = returnAnswer(careful, asking, answering, asker);
  if (answer !== undefined) return lose(asking, answer);
  remember(walk, namespace, own.name, nextHop, undefined);
  return undefined;
}

function returnAnswer(
  walk: Walk,
  { namespace, own, nextHop }: Asking,
  answering: Station | undefined,
  asker: Buffer['packet']['source'],
): End | undefined {
  const near: Station = { namespace, device: own };
  if (answering === undefined) {
    const answer = advertisement(nextHop, asker);
    noteMessage(walk, near, 'advertise', answer);
    const buffer: Buffer = { packet: answer, connection: undefined };
    return receiveMessage(walk, { kind: 'arrive', namespace, device: own.name, buffer });
  }
  const { namespace: far, device, bridge } = answering;
  // A proxy answers from an address of its own (`ndisc_send_na`).
  const source = carries(device, nextHop) ? nextHop : far.masqueradeAddress(device.name, asker);
  const answer = advertisement(source ?? nextHop, asker);
  noteMessage(walk, answering, 'advertise', answer);
  const sent = sendMessage(walk, answer, { namespace: far, device });
  if (isEnd(sent)) return sent;
  const back =
    bridge === undefined ? {} : { bridge: { ...bridge, inPort: bridge.outPort, outPort: bridge.inPort } };
  return bringMessage(walk, sent, { namespace: far, device }, { ...near, ...back });
}

/**
 * The kernel gives every interface a link-local address, unless `addr_gen_mode` is 1 (net/ipv6/addrconf.c, `addrconf_addr_gen`); where
 * it is merely not listed, the list may leave such addresses out.
 */
function hasNoSource(walk: Walk, { namespace: { settings }, own }: Asking): boolean {
  if (settings.number(`net.ipv6.conf.${own.name}.addr_gen_mode`) === 1) return true;
  return !expectSetting(walk, own.place.file, `the link-local address of ${own.name}`);
}

function withoutSource(walk: Walk, asking: Asking): End {
  const { nextHop, device, own } = asking;
  return end(walk, 'neighbor-unreachable', asking, {
    element: 'neighbour',
    detail: `nobody is asked for ${formatAddress(nextHop)}: ${device} has no link-local address to ask from`,
    evidence: [own.place],
  });
}

/** Whether there are no rules that could have a say. */
function isFree(...namespaces: readonly (Namespace | undefined)[]): boolean {
  return namespaces.every((namespace) => {
    if (namespace === undefined) return true;
    const { chains, linkChains, damaged } = namespace.firewall(6);
    return chains.length === 0 && linkChains.length === 0 && damaged.length === 0;
  });
}

/** The kernel asks several times (`mcast_solicit`), so what a single one of the questions has as its chance does not decide. */
function withoutChance(walk: Walk, { own }: Asking): Walk {
  const text = `chance decides about neighbour discovery on ${own.name}, and the kernel tries more than once`;
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

function remember(
  walk: Walk,
  namespace: Namespace,
  device: string,
  address: Buffer['packet']['source'],
  doubt: UnsurePoint | undefined,
): void {
  const key = acquaintance(namespace, device, address);
  const known = walk.acquainted.get(key);
  if (known === undefined || known.doubt !== undefined)
    walk.acquainted.set(key, doubt === undefined ? {} : { doubt });
}

function acquaintance(
  { node, name }: Namespace,
  device: string,
  address: Buffer['packet']['source'],
): string {
  return `${node}/${name} ${device} ${formatAddress(address)}`;
}
