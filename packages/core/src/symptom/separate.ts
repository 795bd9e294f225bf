import { ConditionTree } from '../engine/condition-tree.ts';
import { judge } from '../engine/verdict.ts';
import { ClusterSubject } from '../facts/subjects.ts';
import type { Candidate } from './rank.ts';

/** A check that some candidates hang on and others do not. */
export interface SeparatingCheck {
  readonly command: string;
  /** Ids of the candidates that need this answer, with what each expects. */
  readonly decides: readonly { readonly issue: string; readonly expects: string }[];
}

const NO_EVIDENCE = { nodes: [], objects: new Map(), logs: [], coverage: [] };

/**
 * The checks that tell candidates apart: for each read-only command the candidates whose preconditions it decides,
 * best split first. A command that all candidates need says least.
 */
export function separatingChecks(candidates: readonly Candidate[], most = 3): readonly SeparatingCheck[] {
  const cluster = new ClusterSubject(NO_EVIDENCE, { now: '1970-01-01T00:00:00Z' });
  const tree = new ConditionTree(cluster);
  const byCommand = new Map<string, { issue: string; expects: string }[]>();
  for (const { issue } of candidates) {
    const subject =
      issue.scope.subject === 'node' || issue.scope.subject === 'pod' ? cluster.nodes[0] : undefined;
    const read = subject?.reader() ?? cluster.reader();
    const { because, missing } = judge(tree, issue, read);
    for (const [index, { command }] of missing.entries()) {
      const list = byCommand.get(command) ?? [];
      if (list.some((one) => one.issue === issue.id)) continue;
      list.push({ issue: issue.id, expects: because[index]?.condition ?? missing[index]?.fact ?? '' });
      byCommand.set(command, list);
    }
  }
  const half = candidates.length / 2;
  return [...byCommand]
    .filter(([, decides]) => candidates.length === 1 || decides.length < candidates.length)
    .sort(
      ([a, left], [b, right]) =>
        Math.abs(left.length - half) - Math.abs(right.length - half) || (a < b ? -1 : 1),
    )
    .slice(0, most)
    .map(([command, decides]) => ({ command, decides }));
}
