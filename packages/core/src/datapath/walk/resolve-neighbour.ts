import type { IpAddress } from '../../net/address.ts';
import { ip6NeighProbe, ipNeighProbe } from '../../probes/network.ts';
import type { UnsurePoint } from '../choices/choices.ts';
import type { Interface } from '../convert/interfaces.ts';
import type { Namespace } from '../model/namespace.ts';
import { recall, remember } from './acquaintances.ts';
import { type Asking, askerFor, askNeighbour } from './ask-neighbour.ts';
import { noteArptables } from './link-chains.ts';
import { hasMac } from './stations.ts';
import type { Station } from './veth.ts';
import { type End, isEnd, type Walk } from './walk.ts';

/**
 * Asks who has the next hop of a packet, where the sender has no hardware address for it: rules may drop the question or the answer.
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
  const hasRules = !isFree(walk, asking, answering);
  // ARP can always be asked; IPv6 may have no address to ask from.
  if (!hasRules && nextHop.family === 4) return undefined;
  const near: Station = { namespace, device: own };
  const known = recall(walk, near, nextHop);
  if (known !== undefined && known.doubt === undefined) return undefined;
  const doubt = known?.doubt ?? doubtOf(asking);
  const before = walk.steps.length;
  const asker = askerFor(walk, asking);
  const asked = (from: IpAddress): End | undefined =>
    hasRules ? askNeighbour(walk, asking, answering, { asker: from, doubt }) : undefined;
  const lost = isEnd(asker) ? asker : asked(asker);
  if (lost !== undefined && (doubt === undefined || walk.choices.unsure(doubt, 2) === 0)) return lost;
  // Only what keeps the packet from its way is worth a step.
  walk.steps.length = before;
  if (lost === undefined) remember(walk, near, nextHop, undefined);
  return undefined;
}

/** Interfaces on which nobody is asked (`ndisc_constructor`, net/ipv6/ndisc.c; `arp_constructor`, net/ipv4/arp.c). */
function isWithoutQuestion({ link: { flags } }: Interface): boolean {
  return flags.some((flag) => flag === 'NOARP' || flag === 'LOOPBACK' || flag === 'POINTOPOINT');
}

/** Whether the entry of the next hop leads to who answers. With one that leads to nobody the kernel asks in the end. */
function isInEntry({ entry }: Asking, answering: Station | undefined): boolean {
  if (entry?.mac === undefined) return false;
  return answering?.device.link.mac === undefined || hasMac(answering, entry.mac);
}

/** What becomes of the packet hangs on the other node too. */
function noteAsked(walk: Walk, { namespace, nextHop }: Asking, other: Namespace | undefined): void {
  if (other === undefined || other.node === namespace.node) return;
  if (walk.asked.get(other.node) !== 6) walk.asked.set(other.node, nextHop.family);
}

/** Where the neighbours of the sender are not all known there may be an entry that leads to the next hop. */
function doubtOf({ namespace, nextHop: { family }, entry }: Asking): UnsurePoint | undefined {
  if (entry !== undefined) return undefined;
  const neighbours = namespace.neighbours(family);
  if (neighbours?.complete === true && !neighbours.endsMidLine) return undefined;
  const file = neighbours?.file ?? namespace.evidence.pathOf(family === 4 ? ipNeighProbe : ip6NeighProbe);
  return { file, text: 'not collected: neighbours', isMissing: true };
}

/** Whether no rules can have a say, on either side or on a bridge between. */
function isFree(walk: Walk, { namespace, nextHop }: Asking, answering: Station | undefined): boolean {
  const places = [namespace, answering?.namespace, answering?.bridge?.namespace];
  return places.every((place) => {
    if (place === undefined) return true;
    if (nextHop.family === 4) noteArptables(walk, place);
    const { chains, linkChains, damaged } = place.firewall(nextHop.family);
    // ARP passes no hooks of IP.
    return linkChains.length === 0 && (nextHop.family === 4 || (chains.length === 0 && damaged.length === 0));
  });
}
