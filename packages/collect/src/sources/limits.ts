/** What a source may cost at most. Beyond a limit reading stops; what came until then is used and the stop is reported. */
export interface SourceLimits {
  /** Files, folders, links and whatever else an archive or a directory lists. */
  readonly maxEntries: number;
  /** Bytes of all files together, unpacked. */
  readonly maxTotalBytes: number;
  /** Bytes of one file, unpacked. A larger one is left out. */
  readonly maxEntryBytes: number;
  /** Unpacked bytes per packed byte, asked from {@link ratioGraceBytes} on. */
  readonly maxRatio: number;
  /** Unpacked bytes below which the ratio does not matter: logs of one repeated line pack very well. */
  readonly ratioGraceBytes: number;
  /** A zip archive on standard input is held in memory, because its list of files stands at the end. */
  readonly maxSpooledBytes: number;
  /** How much of an archive is held in memory, at least, to see what it is before the first file is given out. */
  readonly lookaheadBytes: number;
}

/** Room for a snapshot of a cluster of 5,000 nodes. */
export const DEFAULT_LIMITS: SourceLimits = {
  maxEntries: 2_000_000,
  maxTotalBytes: 64 * 2 ** 30,
  maxEntryBytes: 32 * 2 ** 30,
  maxRatio: 1000,
  ratioGraceBytes: 16 * 2 ** 20,
  maxSpooledBytes: 2 ** 30,
  lookaheadBytes: 32 * 2 ** 20,
};
