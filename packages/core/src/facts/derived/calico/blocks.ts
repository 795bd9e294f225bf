import type { Origin } from '../../fact.ts';
import { inObject, type Reader } from '../../reader.ts';

const AFFINITIES = 'blockaffinities.crd.projectcalico.org';
/** The resource that tells which node a block of addresses belongs to. */
export const BLOCKS = 'ipamblocks.crd.projectcalico.org';

/** A block of addresses and the node it belongs to. */
export interface OwnedBlock {
  readonly cidr: string;
  readonly node: string;
  /** False while a node claims the block or gives it up. */
  readonly isConfirmed: boolean;
  readonly origin: Origin;
}

/** Blocks with an owner. `complete` is false where there may be more of them. */
export interface OwnedBlocks {
  readonly blocks: readonly OwnedBlock[];
  readonly complete: boolean;
}

/** Blocks that belong to nodes, from the blocks themselves and from what nodes claim. */
export function ownedBlocks(read: Reader): OwnedBlocks {
  const blocks = read.objects(BLOCKS);
  const affinities = read.objects(AFFINITIES);
  const owned: OwnedBlock[] = [];
  for (const stored of blocks?.items ?? []) {
    const { cidr, affinity } = (stored.object.spec ?? {}) as { cidr?: unknown; affinity?: unknown };
    const node = typeof affinity === 'string' ? /^host:(.+)$/.exec(affinity)?.[1] : undefined;
    if (typeof cidr === 'string' && node !== undefined) {
      owned.push({ cidr, node, isConfirmed: true, origin: inObject(stored, '/spec/affinity') });
    }
  }
  for (const stored of affinities?.items ?? []) {
    const { cidr, node, deleted, state } = (stored.object.spec ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof cidr === 'string' && typeof node === 'string' && String(deleted) !== 'true') {
      owned.push({
        cidr,
        node,
        isConfirmed: state === undefined || state === 'confirmed',
        origin: inObject(stored, '/spec/node'),
      });
    }
  }
  return { blocks: owned, complete: blocks?.complete === true || affinities?.complete === true };
}
