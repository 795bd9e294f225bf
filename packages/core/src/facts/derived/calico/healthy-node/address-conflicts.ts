import { type FactDefinition, from, known, type Origin, unknown } from '../../../fact.ts';
import { missingObjects } from '../../../reader.ts';
import { BLOCKS, ownedBlocks } from '../blocks.ts';
import { addressHolders } from './address-holders.ts';

interface Shared {
  readonly text: string;
  readonly origins: readonly Origin[];
}

/** Addresses of nodes, tunnels and pods, and blocks of addresses, that two of them have at the same time. */
export const addressConflicts: FactDefinition<readonly string[]> = {
  id: 'calico.address-conflicts',
  title: 'addresses that are used twice',
  level: 'cluster',
  format: (list) => list.slice(0, 5).join('; ') || 'none',
  compute(read) {
    const holders = read.fact(addressHolders);
    const { blocks, complete } = ownedBlocks(read);
    const shared: Shared[] = [];
    for (const [address, list] of holders.state === 'known' ? holders.value : []) {
      if (list.length < 2) continue;
      const text = textOf(
        address,
        list.map(({ what }) => what),
      );
      shared.push({ text, origins: list.slice(0, 2).map(({ origin }) => origin) });
    }
    const confirmed = blocks.filter(({ isConfirmed }) => isConfirmed);
    for (const [cidr, list] of Map.groupBy(confirmed, (block) => block.cidr)) {
      const byNode = new Map(list.map((block) => [block.node, block]));
      if (byNode.size < 2) continue;
      const text = textOf(
        cidr,
        [...byNode.keys()].map((node) => `node ${node}`),
      );
      shared.push({ text, origins: [...byNode.values()].slice(0, 2).map(({ origin }) => origin) });
    }
    if (shared.length > 0) {
      shared.sort((left, right) => (left.text < right.text ? -1 : 1));
      return known(
        shared.map(({ text }) => text),
        ...shared.slice(0, 3).flatMap(({ origins }) => origins),
      );
    }
    const missing = ['nodes', 'pods'].filter((resource) => read.objects(resource)?.complete !== true);
    if (!complete) missing.push(BLOCKS);
    if (missing.length > 0) return unknown(...missing.map(missingObjects));
    return known([], from(addressHolders));
  },
};

function textOf(address: string, holders: readonly string[]): string {
  return `${address} of ${holders.toSorted().slice(0, 4).join(' and ')}`;
}
