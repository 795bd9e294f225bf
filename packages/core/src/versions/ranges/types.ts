import type { Version } from '../schemes/semver/index.ts';

/** One window of affected releases; a missing bound means "as far as known, without end". */
export interface VersionWindow {
  readonly lower?: VersionBound;
  readonly upper?: VersionBound;
}

export interface VersionBound {
  readonly version: Version;
  readonly inclusive: boolean;
}

/** Windows of which one must hold. One window per release line: a newer minor may lack an older line's last fix. */
export interface VersionRange {
  readonly text: string;
  readonly windows: readonly VersionWindow[];
}

/** `position` counts characters from 0. */
export type ParsedRange =
  | { readonly ok: true; readonly range: VersionRange }
  | { readonly ok: false; readonly position: number; readonly reason: string };

/** `uncertain` stands for "suspected": a vendor build, a pre-release of a border, or an incomplete number. */
export interface RangeAnswer {
  readonly answer: 'in' | 'out' | 'uncertain';
  /** One sentence part in plain English, for the proof in a report. */
  readonly reason: string;
}

/** A release at which the answer changes, and a release just below it (absent below 0.0.0). */
export interface RangeBorder {
  readonly version: Version;
  readonly below?: Version;
}
