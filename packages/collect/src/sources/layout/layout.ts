import type { SnapshotFile } from '@netvet/core';
import type { ArchiveEntry } from '../archive-entry.ts';

/** What a source turned out to be. */
export type SourceKind = 'evidence-directory' | 'snapshot' | 'support-bundle' | 'cluster-dump';

/** A way in which evidence may be laid out: our own, or that of another tool's support bundle. */
export interface LayoutKind {
  readonly id: string;
  /** What a person would call it. */
  readonly title: string;
  /**
   * The folder below which the evidence stands, `''` or with a slash at its end, if a file of this path shows that this
   * is such a layout; undefined if it does not.
   */
  recognise(path: string): string | undefined;
  /** Starts reading what stands below `root`. */
  open(root: string): Layout;
}

/** The layout of one source while it is read. */
export interface Layout {
  /** What a file stands for; undefined for one that holds no evidence. */
  place(path: string): Placement | undefined;
  /** Files to add after all others, which say what the others did not hold. */
  rest?(): readonly SnapshotFile[];
}

/** Where the content of a file belongs in an evidence directory. */
export interface Placement {
  /** Path in our own layout. */
  readonly path: string;
  /** Path that evidence shows; bundles of other tools have it, so that people find the file. */
  readonly shownAs?: string;
  /** Why objects of this resource may exist that are in no file. */
  readonly partial?: string;
  /** Turns the content into what `path` stands for. */
  readonly convert?: (entry: ArchiveEntry) => Content;
  /** Gives several files for one; `path` is then only an example. */
  readonly split?: (entry: ArchiveEntry) => AsyncIterable<SnapshotFile>;
}

/** Bytes of a file and what was wrong with them. */
export type Content = Pick<ArchiveEntry, 'chunks' | 'damage'>;
