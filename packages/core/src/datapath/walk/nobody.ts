import { formatAddress, isSameAddress } from '../../net/address.ts';
import type { Namespace } from '../model/namespace.ts';
import type { PodRecord } from '../model/network.ts';
import { arriveAt } from './arrive-at.ts';
import { isOnCable } from './cable-devices.ts';
import { type Addressee, isAnswered, stationName } from './find-station.ts';
import { resolveNeighbour } from './resolve-neighbour.ts';
import { veth } from './veth.ts';
import { type End, end, type Next, noteMissing, type Walk } from './walk.ts';

/** What becomes of a packet that nobody who was collected takes. */
export function nobody(walk: Walk, link: Addressee): Next {
  const { namespace, device, nextHop, entry, segment } = link;
  const text = formatAddress(nextHop);
  if (!segment.isOpen) return unreachable(walk, link, `nobody answers for ${text} on ${device}`);
  const pod = toPod(walk, link);
  if (pod !== undefined) return pod;
  const owners = walk.network.ownersOf(nextHop).filter((owner) => owner !== namespace);
  if (owners.length > 0) {
    const isOther = entry?.mac !== undefined && !isAnswered(link);
    return (
      bridged(walk, link, owners) ??
      (isOther ? leave(walk, link) : unreachable(walk, link, whyNot(link, owners)))
    );
  }
  return behindRouter(walk, link) ?? leave(walk, link);
}

function unreachable(walk: Walk, link: Addressee, detail: string): End {
  return end(walk, 'neighbor-unreachable', link, {
    element: 'neighbour',
    detail,
    evidence: [link.own.place],
  });
}

/** Somebody who was not collected takes the packet. */
function leave(walk: Walk, link: Addressee): End {
  const { device, nextHop, own } = link;
  const unanswered = resolveNeighbour(walk, link, undefined);
  if (unanswered !== undefined) return unanswered;
  return end(walk, 'left-network', link, {
    element: 'link',
    detail: `by ${device} to ${formatAddress(nextHop)}, which was not collected`,
    evidence: [own.place],
  });
}

/** Pods of this node that are said to have the destination: what was not collected of them may take the packet. */
function toPod(walk: Walk, link: Addressee): End | undefined {
  const { namespace, nextHop, own, buffer } = link;
  const { destination } = buffer.packet;
  if (!isSameAddress(nextHop, destination)) return undefined;
  const pods = walk.network.podsWith(destination).filter(({ node }) => node === namespace.node);
  const unknown = pods.filter((pod) => !isCollected(walk, pod));
  const names = (unknown.length > 0 ? unknown : pods)
    .map((pod) => `${pod.namespace}/${pod.name}`)
    .join(' or ');
  if (unknown.length > 0) {
    const unanswered = resolveNeighbour(walk, link, undefined);
    if (unanswered !== undefined) return unanswered;
    return end(walk, 'left-network', link, {
      element: 'link',
      detail: `handed to pod ${names}, whose network namespace was not collected`,
      evidence: [own.place],
    });
  }
  if (pods.length === 0 || walk.network.ownersOf(nextHop).length > 0) return undefined;
  return unreachable(
    walk,
    link,
    `nobody answers for ${formatAddress(nextHop)}: pod ${names} does not have it`,
  );
}

function isCollected({ network }: Walk, { node = '', namespace, name }: PodRecord): boolean {
  const found = network.nodes.get(node)?.namespaces.get(`${namespace}_${name}`)?.interfaces;
  return found?.hasAddresses === true && found.isComplete;
}

function whyNot({ nextHop, device }: Addressee, owners: readonly Namespace[]): string {
  const text = formatAddress(nextHop);
  for (const owner of owners) {
    const holder = owner.interfaceWith(nextHop);
    if (holder !== undefined && !holder.isUp)
      return `nobody answers for ${text}: ${stationName({ namespace: owner, device: holder })} is down`;
  }
  return `${text} was collected, but ${device} does not lead to it`;
}

/** Frames from other nodes are not followed to what stands behind the ports of a bridge there. */
function bridged(walk: Walk, link: Addressee, owners: readonly Namespace[]): End | undefined {
  const { network } = walk;
  const { namespace, nextHop, own, segment } = link;
  const { namespace: home, device: from } = segment.bridge ?? { namespace, device: own };
  if (!isOnCable(network, home, from)) return undefined;
  for (const owner of owners) {
    const holder = owner.interfaceWith(nextHop);
    const port = holder === undefined ? undefined : veth(network, owner, holder);
    const bridge = port?.namespace.interface(port.device.link.master ?? '');
    if (port === undefined || bridge === undefined || holder?.isUp !== true) continue;
    if (port.namespace === home || !isOnCable(network, port.namespace, bridge)) continue;
    return end(walk, 'unknown', link, {
      element: 'bridge',
      detail: `${formatAddress(nextHop)} stands behind ${stationName({ namespace: port.namespace, device: bridge })}, which frames from elsewhere are not followed into`,
      evidence: [bridge.place],
    });
  }
  return undefined;
}

/** A router that was not collected may lead to a node that was. That it does is named as an assumption. */
function behindRouter(walk: Walk, link: Addressee): Next | undefined {
  const { namespace, nextHop, buffer, segment } = link;
  const { destination } = buffer.packet;
  if (nextHop.bits === destination.bits) return undefined;
  const owners = walk.network
    .ownersOf(destination)
    .filter((owner) => owner !== namespace && owner.name === '');
  const [owner] = owners;
  if (owner === undefined || owners.length > 1) return undefined;
  const station = segment.stations.find(
    (candidate) => candidate.namespace === owner && owner.interfaceWith(destination) === candidate.device,
  );
  if (station === undefined) return undefined;
  const unanswered = resolveNeighbour(walk, link, undefined);
  if (unanswered !== undefined) return unanswered;
  const file = namespace.routing(destination.family).routeFile;
  noteMissing(
    walk,
    file,
    `router ${formatAddress(nextHop)} was not collected; it is taken to lead to node ${owner.node}`,
  );
  return arriveAt(walk, link, station);
}
