import type { SnapshotFile } from '@netvet/core';
import type { ArchiveEntry } from '../archive-entry.ts';
import type { Layout, Placement } from './layout.ts';

/** Gives the files of a source in our layout. `isOver` ends it early. */
export async function* evidenceFiles(
  entries: AsyncIterable<ArchiveEntry>,
  layout: Layout,
  isOver: () => boolean,
): AsyncGenerator<SnapshotFile> {
  for await (const entry of entries) {
    if (isOver()) return;
    const placement = layout.place(entry.path);
    if (placement?.split !== undefined) yield* placement.split(entry);
    else if (placement !== undefined) yield evidenceFile(entry, placement);
  }
  if (!isOver()) yield* layout.rest?.() ?? [];
}

function evidenceFile(entry: ArchiveEntry, placement: Placement): SnapshotFile {
  const { path, shownAs, partial, convert } = placement;
  const content = convert === undefined ? entry : convert(entry);
  return {
    path,
    chunks: content.chunks,
    damage: () => content.damage(),
    ...(shownAs === undefined ? {} : { shownAs }),
    ...(partial === undefined ? {} : { partial }),
  };
}
