import { type FactDefinition, known, type Origin, unknown } from '../../fact.ts';
import { inObject, missingObjects, type Reader } from '../../reader.ts';

const AFFINITIES = 'blockaffinities.crd.projectcalico.org';
const BLOCKS = 'ipamblocks.crd.projectcalico.org';

interface Owned {
  readonly cidr: string;
  readonly node: string;
  readonly origin: Origin;
}

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
    const owned = ownedBlocks(read);
    if (owned === undefined) return unknown(missingObjects(BLOCKS));
    const orphans = new Map(
      owned.filter(({ node }) => !names.has(node)).map((one) => [`${one.cidr} of ${one.node}`, one]),
    );
    const origins = [...orphans.values()].slice(0, 5).map(({ origin }) => origin);
    const files = nodes.files.map((file) => ({ file }));
    return known([...orphans.keys()].sort(), ...origins, ...files);
  },
};

function ownedBlocks(read: Reader): readonly Owned[] | undefined {
  const blocks = read.objects(BLOCKS);
  const affinities = read.objects(AFFINITIES);
  const owned: Owned[] = [];
  for (const stored of blocks?.items ?? []) {
    const { cidr, affinity } = (stored.object.spec ?? {}) as { cidr?: unknown; affinity?: unknown };
    const node = typeof affinity === 'string' ? /^host:(.+)$/.exec(affinity)?.[1] : undefined;
    if (typeof cidr === 'string' && node !== undefined) {
      owned.push({ cidr, node, origin: inObject(stored, '/spec/affinity') });
    }
  }
  for (const stored of affinities?.items ?? []) {
    const { cidr, node, deleted } = (stored.object.spec ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof cidr === 'string' && typeof node === 'string' && String(deleted) !== 'true') {
      owned.push({ cidr, node, origin: inObject(stored, '/spec/node') });
    }
  }
  return blocks?.complete === true || affinities?.complete === true || owned.length > 0 ? owned : undefined;
}
