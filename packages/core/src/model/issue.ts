import type { Severity } from './severity.ts';
import type { SubjectKind } from './subject.ts';

/** A condition as written in an entry: one named condition, or `all`, `any`, `not`, `some-node` around others. */
export type ConditionNode =
  | { readonly all: readonly ConditionNode[] }
  | { readonly any: readonly ConditionNode[] }
  | { readonly not: ConditionNode }
  | { readonly 'some-node': ConditionNode }
  | { readonly [condition: string]: Readonly<Record<string, unknown>> };

export const SYMPTOM_KINDS = [
  'latency',
  'log',
  'event',
  'object-state',
  'connectivity',
  'resource-use',
  'throughput',
] as const;
export type SymptomKind = (typeof SYMPTOM_KINDS)[number];

export interface Symptom {
  readonly kind: SymptomKind;
  readonly text: string;
  /** For `latency`: the delays in seconds that people measure. */
  readonly seconds?: readonly number[];
  /** For `log` and `event`: a regular expression that matches the line. */
  readonly pattern?: string;
  /** Where the line is seen, for example `kube-proxy` or `kernel`. */
  readonly where?: string;
}

export const REMEDY_KINDS = [
  'upgrade',
  'set-field',
  'set-env',
  'set-sysctl',
  'node-command',
  'node-file',
  'restart',
  'manual',
] as const;
export type RemedyKind = (typeof REMEDY_KINDS)[number];

/** A remedy as written; `{name}` in text, command and files is filled in from the facts of the subject. */
export interface Remedy {
  readonly kind: RemedyKind;
  readonly text: string;
  readonly component?: string;
  readonly to?: string;
  readonly command?: string;
  readonly files?: readonly { readonly path: string; readonly content: string }[];
  readonly sideEffects?: string;
  /** Whether the change survives a reboot, a restart or an upgrade. */
  readonly persistence?: string;
  readonly needs?: string;
  /** Only offered where this holds. */
  readonly when?: ConditionNode;
}

export interface Scope {
  /** What one finding is about. */
  readonly subject: SubjectKind;
  /** For `pod`, `service` and `object`: plural resource names as in the evidence directory, for example `namespaces`. */
  readonly resource?: string | readonly string[];
  /** Component whose proven absence rules the issue out; defaults to the first part of the id. */
  readonly component?: string;
  /** Which objects are looked at; the others are not subjects at all. */
  readonly select?: ConditionNode;
}

export interface Correction {
  /** What public documents say. */
  readonly claim: string;
  readonly source: string;
  /** What is true, and how we know. */
  readonly truth: string;
}

export interface Confidence {
  /** The border this is about, for example `kube-proxy 1.28.6`. */
  readonly border: string;
  readonly level: 'verified' | 'inferred' | 'documented' | 'report-only';
  readonly note?: string;
}

/** A known issue: one folder of the catalogue. */
export interface Issue {
  readonly id: string;
  readonly aliases?: readonly string[];
  readonly withdrawn?: string;
  readonly title: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly mechanism: string;
  readonly symptoms: readonly Symptom[];
  readonly scope: Scope;
  readonly applies?: ConditionNode;
  readonly observed?: ConditionNode;
  readonly mitigated?: ConditionNode;
  readonly remedies: readonly Remedy[];
  readonly verify: readonly string[];
  /** Name of the lab's reproduction that makes a kernel show it. */
  readonly reproduction?: string;
  readonly references: readonly string[];
  readonly confidence: readonly Confidence[];
  readonly corrections?: readonly Correction[];
  /** Ids of issues whose remedy works against this one. */
  readonly conflicts?: readonly string[];
}

/** All known issues of a catalogue build. */
export interface Pack {
  readonly schema: 'netvet.dev/pack/v1';
  readonly version: string;
  readonly issues: readonly Issue[];
}

/** The first part of an id: the component an issue belongs to. */
export function componentOf(id: string): string {
  return id.slice(0, id.indexOf('/'));
}
