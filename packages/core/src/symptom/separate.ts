import { ConditionTree, isAll, isAny, isNot, isSomeNode } from '../engine/condition-tree.ts';
import type { Reader } from '../facts/reader.ts';
import { ClusterSubject } from '../facts/subjects.ts';
import type { ConditionNode, Issue } from '../model/issue.ts';
import type { Candidate } from './rank.ts';

/** A check that some candidates hang on and others do not. */
export interface SeparatingCheck {
  readonly command: string;
  /** Ids of the candidates that need this answer, with what each of them expects. */
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
  const byCommand = new Map<string, Map<string, string>>();
  for (const { issue } of candidates) {
    for (const { command, expects } of checksOf(issue, tree, cluster)) {
      const decides = byCommand.get(command) ?? new Map<string, string>();
      if (!decides.has(issue.id)) decides.set(issue.id, expects);
      byCommand.set(command, decides);
    }
  }
  const half = candidates.length / 2;
  return [...byCommand]
    .filter(([, decides]) => candidates.length === 1 || decides.size < candidates.length)
    .sort(
      ([a, left], [b, right]) => Math.abs(left.size - half) - Math.abs(right.size - half) || (a < b ? -1 : 1),
    )
    .slice(0, most)
    .map(([command, decides]) => ({
      command,
      decides: [...decides].map(([issue, expects]) => ({ issue, expects })),
    }));
}

/** What each single condition asks for when nothing at all is known. */
function checksOf(issue: Issue, tree: ConditionTree, cluster: ClusterSubject) {
  const node = cluster.nodes[0]?.reader() ?? cluster.reader();
  const whole = issue.scope.subject === 'node' || issue.scope.subject === 'pod' ? node : cluster.reader();
  return leavesOf(issue.applies ?? issue.observed, whole, node).flatMap(({ leaf, read }) => {
    const { reasons, missing } = tree.evaluate(leaf, read);
    return missing.map(({ command }) => ({ command, expects: reasons[0]?.condition ?? '' }));
  });
}

function leavesOf(
  condition: ConditionNode | undefined,
  read: Reader,
  node: Reader,
): readonly { readonly leaf: ConditionNode; readonly read: Reader }[] {
  if (condition === undefined) return [];
  if (isAll(condition)) return condition.all.flatMap((inner) => leavesOf(inner, read, node));
  if (isAny(condition)) return condition.any.flatMap((inner) => leavesOf(inner, read, node));
  if (isNot(condition)) return leavesOf(condition.not, read, node);
  if (isSomeNode(condition)) return leavesOf(condition['some-node'], node, node);
  return [{ leaf: condition, read }];
}
