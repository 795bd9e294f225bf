/** Exit codes of every command: contract section 1. */
export const EXIT = {
  ok: 0,
  /** A fault of netvet itself. */
  fault: 1,
  /** Wrong use, or an input that cannot be read. */
  usage: 2,
  /** An affected finding at or above `--fail-on`. */
  affected: 3,
  /** Nothing affected, something unknown, and `--strict`. */
  unknown: 4,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An error that the user can mend: shown without a stack, ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
