import { type FactDefinition, known, unknown } from '../../fact.ts';
import { missingObjects } from '../../reader.ts';
import { BLOCKS, ownedBlocks } from './blocks.ts';

/** Blocks of addresses that belong to nodes which are no longer there. */
export const orphanBlocks: FactDefinition<readonly string[]> = {
  id: 'calico.orphan-blocks',
  title: 'blocks of nodes that are gone',
  level: 'cluster',
  format: (list) =>
    list.length > 5 ? `${list.slice(0, 5).join('; ')} … (${list.length})` : list.join('; ') || 'none',
  compute(read) {
    const nodes = read.objects('nodes');
    if (nodes?.complete !== true) return unknown(missingObjects('nodes'));
    const names = new Set(nodes.items.map(({ object }) => object.metadata.name));
    const { blocks: owned, complete } = ownedBlocks(read);
    if (!complete && owned.length === 0) return unknown(missingObjects(BLOCKS));
    const orphans = new Map(
      owned.filter(({ node }) => !names.has(node)).map((one) => [`${one.cidr} of ${one.node}`, one]),
    );
    const origins = [...orphans.values()].slice(0, 5).map(({ origin }) => origin);
    const files = nodes.files.map((file) => ({ file }));
    return known([...orphans.keys()].sort(), ...origins, ...files);
  },
};
