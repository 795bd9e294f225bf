import type { Basis, Finding, FindingRemedy, MissingFact, Reason, Verdict } from '../model/finding.ts';
import type { Issue } from '../model/issue.ts';
import type { Severity } from '../model/severity.ts';
import type { Subject } from '../model/subject.ts';
import type { ConditionTree } from './condition-tree.ts';
import { remediesFor } from './remedies.ts';
import type { FindingSubject } from './subject-facts.ts';
import type { Judgement } from './verdict.ts';

/**
 * A finding whose proof is put together when it is first asked for. In a large cluster thousands of nodes share one
 * judgement; their places differ, and most are only counted.
 */
export class ProvenFinding implements Finding {
  readonly issue: string;
  readonly severity: Severity;
  readonly subject: Subject;
  readonly verdict: Verdict;
  readonly basis?: Basis;
  readonly #issue: Issue;
  readonly #judgement: Judgement;
  readonly #subject: FindingSubject;
  readonly #tree: ConditionTree;
  #because: readonly Reason[] | undefined;
  #remedies: readonly FindingRemedy[] | undefined;

  constructor(issue: Issue, judgement: Judgement, subject: FindingSubject, tree: ConditionTree) {
    this.issue = issue.id;
    this.severity = issue.severity;
    this.subject = subject.subject;
    this.verdict = judgement.verdict;
    if (judgement.basis !== undefined) this.basis = judgement.basis;
    this.#issue = issue;
    this.#judgement = judgement;
    this.#subject = subject;
    this.#tree = tree;
  }

  get because(): readonly Reason[] {
    this.#because ??= this.#judgement.because.map(({ origins, node, ...reason }) => ({
      ...reason,
      evidence: this.#subject.evidence(origins, node),
    }));
    return this.#because;
  }

  get missing(): readonly MissingFact[] {
    const name = this.#subject.node?.name;
    const where = name === undefined ? 'each node' : `node ${name}`;
    return this.#judgement.missing.map((fact) => (fact.where === 'node' ? { ...fact, where } : fact));
  }

  get remedies(): readonly FindingRemedy[] {
    if (this.verdict !== 'affected') return [];
    this.#remedies ??= remediesFor(this.#issue, this.#subject, this.#tree);
    return this.#remedies;
  }

  /** Plain data, fields in the order of the report. */
  toJSON(): Finding {
    const { issue, severity, subject, verdict, basis, because, missing, remedies } = this;
    return {
      issue,
      severity,
      subject,
      verdict,
      ...(basis === undefined ? {} : { basis }),
      because,
      missing,
      remedies,
    };
  }
}
