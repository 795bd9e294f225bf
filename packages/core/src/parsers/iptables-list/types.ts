import type { Place } from '../../model/evidence.ts';

/** One chain of the listed table. The listing does not name the table. */
export interface ListedChain extends Place {
  readonly name: string;
  /** Absent for chains that are not built in. */
  readonly policy?: string;
  /** Packets and bytes the policy decided on, with `-v`. */
  readonly packets?: number;
  readonly bytes?: number;
  /** How many rules jump here; absent for built-in chains. */
  readonly references?: number;
  readonly rules: readonly ListedRule[];
}

/** One listed rule. Names and numbers are as printed: with `-n` they are numbers, without they may be names. */
export interface ListedRule extends Place {
  /** Position in the chain from `--line-numbers`. */
  readonly number?: number;
  /** With `-v`. Printed with K, M, G or T unless `-x` is given, so they may be rounded. */
  readonly packets?: number;
  readonly bytes?: number;
  /** Absent when the rule only counts. */
  readonly target?: string;
  readonly targetIsGoto: boolean;
  /** `all`, `tcp`, `6`, …; with a leading `!` when negated, like the fields below. */
  readonly protocol: string;
  /** `--` or the fragment mark `-f`, `!f`. */
  readonly opt?: string;
  /** With `-v`; `*` stands for any. */
  readonly inInterface?: string;
  readonly outInterface?: string;
  readonly source: string;
  readonly destination: string;
  /** Text of the first comment match. */
  readonly comment?: string;
  /** What the matches and the target print behind the columns, comments and `[goto]` included. */
  readonly extra: string;
}
