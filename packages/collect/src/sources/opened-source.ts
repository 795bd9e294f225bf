import type { SnapshotFile } from '@netvet/core';
import type { SourceKind } from './layout/layout.ts';
import type { SourceLimits } from './limits.ts';
import type { SourceProblem } from './problems.ts';

/** A source that was opened: its files can be read once, in one go. */
export interface OpenedSource {
  readonly kind: SourceKind;
  /** What a person would call it: `evidence directory`, `sos report` … */
  readonly title: string;
  /** The evidence, in our layout. Never throws; a file that is not read to its end is skipped. */
  readonly files: AsyncIterable<SnapshotFile>;
  /** What could not be used; whole after the last file. */
  problems(): readonly SourceProblem[];
  /**
   * Why nothing of what was read may be used, known after the last file: a large archive can turn out late to hold
   * two clusters.
   */
  failure(): string | undefined;
  /** Gives up what is open; files that were not read yet come no more. */
  close(): Promise<void>;
}

/** Why a source can not be read at all: names the source, the place in it and what to do. */
export interface SourceError {
  readonly error: { readonly message: string };
}

/** Limits to change, and where standard input comes from. */
export interface SourceOptions extends Partial<SourceLimits> {
  readonly stdin?: AsyncIterable<Uint8Array>;
}
