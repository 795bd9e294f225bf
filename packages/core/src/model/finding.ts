import type { Evidence } from './evidence.ts';
import type { Severity } from './severity.ts';
import type { Subject } from './subject.ts';

export const VERDICTS = ['affected', 'mitigated', 'not-affected', 'unknown'] as const;
export type Verdict = (typeof VERDICTS)[number];

/**
 * How sure an `affected` is.
 * `observed`: the defect itself stands in the evidence. `exposed`: every precondition is proven.
 * `suspected`: one border is uncertain, for example a vendor kernel that may carry a backport.
 */
export const BASES = ['observed', 'exposed', 'suspected'] as const;
export type Basis = (typeof BASES)[number];

export type Answer = 'yes' | 'no' | 'unknown';

/** One tested statement and the evidence for its answer. */
export interface Reason {
  /** The condition as a sentence, for example `proxy mode is ipvs`. */
  readonly condition: string;
  readonly result: Answer;
  /** Id of the fact that decided, for example `kube-proxy.mode`. */
  readonly fact: string;
  /** The value of that fact as text. */
  readonly value: string;
  readonly evidence: readonly Evidence[];
  /** Why the answer is not certain, where it is not. */
  readonly uncertain?: string;
}

/** A fact that would settle an `unknown`, and the cheapest read-only way to get it. */
export interface MissingFact {
  readonly fact: string;
  /** A command that only reads; run where `where` says. */
  readonly command: string;
  readonly where?: string;
}

/** A change that clears a finding, ready to use on the subject of the finding. */
export interface FindingRemedy {
  readonly kind: string;
  readonly text: string;
  readonly component?: string;
  readonly to?: string;
  readonly command?: string;
  readonly files?: readonly { readonly path: string; readonly content: string }[];
  readonly sideEffects?: string;
  readonly persistence?: string;
  readonly needs?: string;
}

/** A known issue on one subject, with a verdict and its proof. */
export interface Finding {
  readonly issue: string;
  readonly severity: Severity;
  readonly subject: Subject;
  readonly verdict: Verdict;
  readonly basis?: Basis;
  readonly because: readonly Reason[];
  readonly missing: readonly MissingFact[];
  readonly remedies: readonly FindingRemedy[];
}
