import { DecisionMemo } from '../facts/decision-memo.ts';
import { componentPresent, PRODUCTS } from '../facts/derived/components/presence.ts';
import { missingObjects } from '../facts/reader.ts';
import type { ObjectList } from '../facts/snapshot/object-store.ts';
import { type ClusterSubject, NODE_SUBJECTS, type NodeSubject, ObjectSubject } from '../facts/subjects.ts';
import type { Finding, Verdict } from '../model/finding.ts';
import { componentOf, type Issue } from '../model/issue.ts';
import { isAtLeast } from '../model/severity.ts';
import { ConditionTree } from './condition-tree.ts';
import { ProvenFinding } from './proven-finding.ts';
import { FindingSubject } from './subject-facts.ts';
import { type Judgement, judge } from './verdict.ts';

export interface EvaluateOptions {
  /** Keep every `not-affected` finding too; without it only the count is kept. */
  readonly includeNotAffected: boolean;
}

export interface Evaluation {
  /** Ordered: worst severity first, then issue, verdict and subject. */
  readonly findings: readonly Finding[];
  /** Worst verdict of each issue over all its subjects. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
}

/** Evaluates issues on all their subjects in one cluster. */
export function evaluate(
  cluster: ClusterSubject,
  issues: readonly Issue[],
  options: EvaluateOptions,
): Evaluation {
  const run = new Run(cluster, options);
  // Findings come out in their final order, so that a hundred thousand of them need no sorting at the end.
  for (const issue of [...issues].sort(compareIssues)) run.evaluateIssue(issue);
  return run.result();
}

/** From the one that decides the whole issue to the one that says least. */
const WORST_FIRST: readonly Verdict[] = ['affected', 'unknown', 'mitigated', 'not-affected'];

class Run {
  readonly #cluster: ClusterSubject;
  readonly #options: EvaluateOptions;
  readonly #tree: ConditionTree;
  readonly #nodes: readonly FindingSubject[];
  readonly #findings: Finding[] = [];
  /** Of the issue being evaluated. */
  #own: Finding[] = [];
  readonly #verdicts = new Map<string, Verdict>();

  constructor(cluster: ClusterSubject, options: EvaluateOptions) {
    this.#cluster = cluster;
    this.#options = options;
    this.#tree = new ConditionTree(cluster);
    this.#nodes = cluster.nodes.map((node) => new FindingSubject(cluster, node));
  }

  evaluateIssue(issue: Issue): void {
    const whole = new FindingSubject(this.#cluster);
    if (this.#isAbsent(issue)) this.#add(issue, judge(this.#tree, issue, whole.reader()), whole);
    else if (issue.scope.subject === 'cluster')
      this.#add(issue, judge(this.#tree, issue, whole.reader()), whole);
    else if (issue.scope.subject === 'node') this.#evaluateNodes(issue);
    else this.#evaluateObjects(issue, issue.scope.subject, whole);
    for (const finding of this.#own.sort(compareFindings)) this.#findings.push(finding);
    this.#own = [];
  }

  #isAbsent(issue: Issue): boolean {
    const name = issue.scope.component ?? componentOf(issue.id);
    if (!PRODUCTS.includes(name)) return false;
    const fact = this.#cluster.fact(componentPresent, name);
    return fact.state === 'known' && fact.value === false;
  }

  #evaluateNodes(issue: Issue): void {
    const memo = new DecisionMemo<NodeSubject, Judgement>(NODE_SUBJECTS, (subject, record) =>
      judge(this.#tree, issue, subject.reader(record)),
    );
    this.#cluster.nodes.forEach((node, index) => {
      const subject = this.#nodes[index];
      if (subject !== undefined) this.#add(issue, memo.get(node), subject);
    });
  }

  #evaluateObjects(issue: Issue, kind: 'pod' | 'service' | 'object', whole: FindingSubject): void {
    const resources = [issue.scope.resource ?? `${kind}s`].flat();
    const lists = resources.map((resource) => this.#cluster.snapshot.objects.get(resource));
    const early = judge(this.#tree, issue, whole.reader());
    // What the cluster alone rules out needs no look at its objects, unless one could show the defect itself.
    const anyList = lists.some((list) => list !== undefined);
    if (early.verdict === 'not-affected' && (issue.observed === undefined || !anyList)) {
      this.#add(issue, early, whole);
      return;
    }
    let subjects = 0;
    for (const stored of lists.flatMap((list) => list?.items ?? [])) {
      const object = new ObjectSubject(this.#cluster, stored, kind);
      if (issue.scope.select !== undefined) {
        if (this.#tree.evaluate(issue.scope.select, object.reader()).answer === 'no') continue;
      }
      subjects++;
      this.#add(
        issue,
        judge(this.#tree, issue, object.reader()),
        new FindingSubject(this.#cluster, undefined, object),
      );
    }
    const lacking = resources.filter((_, index) => lists[index]?.complete !== true);
    if (lacking.length > 0) {
      const missing = [...lacking.map(missingObjects), ...early.missing];
      this.#add(issue, { verdict: 'unknown', because: early.because, missing }, whole);
    } else if (subjects === 0) {
      this.#add(issue, noSubject(resources, lists), whole);
    }
  }

  #add(issue: Issue, judgement: Judgement, subject: FindingSubject): void {
    const { verdict } = judgement;
    const known = this.#verdicts.get(issue.id);
    if (known === undefined || WORST_FIRST.indexOf(verdict) < WORST_FIRST.indexOf(known)) {
      this.#verdicts.set(issue.id, verdict);
    }
    if (verdict === 'not-affected' && !this.#options.includeNotAffected) return;
    this.#own.push(new ProvenFinding(issue, judgement, subject, this.#tree));
  }

  result(): Evaluation {
    return { findings: this.#findings, verdicts: this.#verdicts };
  }
}

function noSubject(resources: readonly string[], lists: readonly (ObjectList | undefined)[]): Judgement {
  const names = resources.join(', ');
  return {
    verdict: 'not-affected',
    missing: [],
    because: [
      {
        condition: `some of ${names} are concerned`,
        result: 'no',
        fact: `objects(${names})`,
        value: `none of ${lists.reduce((count, list) => count + (list?.items.length ?? 0), 0)}`,
        origins: lists.flatMap((list) => list?.files.map((file) => ({ file })) ?? []),
      },
    ],
  };
}

function compareIssues(left: Issue, right: Issue): number {
  if (left.severity !== right.severity) return isAtLeast(left.severity, right.severity) ? -1 : 1;
  return compareText(left.id, right.id);
}

/** Findings of one issue. Nodes come in order of their names, so there is little to sort. */
function compareFindings(left: Finding, right: Finding): number {
  return (
    WORST_FIRST.indexOf(left.verdict) - WORST_FIRST.indexOf(right.verdict) ||
    compareText(left.subject.kind, right.subject.kind) ||
    compareText(left.subject.name, right.subject.name)
  );
}

/** By code unit, so that the order is the same on every machine whatever its language. */
function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
