import { isAll, isAny, isNot, isSomeNode } from '../../engine/condition-tree.ts';
import { conditionById } from '../../engine/conditions/index.ts';
import type { ConditionNode } from '../../model/issue.ts';
import { BLANK_READER } from './blank-reader.ts';
import { kernelBorders } from './kernel-borders.ts';

/** One line of a condition in words, `depth` levels deep. */
export interface ConditionLine {
  readonly depth: number;
  readonly text: string;
}

/** A condition tree as nested sentences, in the words that findings use for the same conditions. */
export function conditionLines(node: ConditionNode, depth = 0): readonly ConditionLine[] {
  if (isAll(node)) return branch('all of these hold:', node.all, depth);
  if (isAny(node)) return branch('at least one of these holds:', node.any, depth);
  if (isNot(node)) return branch('this does not hold:', [node.not], depth);
  if (isSomeNode(node)) return branch('on at least one node:', [node['some-node']], depth);
  const [[id, parameters] = []] = Object.entries(node);
  return [{ depth, text: sentenceOf(id ?? '', parameters) }];
}

function branch(head: string, nodes: readonly ConditionNode[], depth: number): readonly ConditionLine[] {
  const [only] = nodes;
  if (only !== undefined && nodes.length === 1 && /^(?:all|at least one of)/.test(head)) {
    return conditionLines(only, depth);
  }
  return [{ depth, text: head }, ...nodes.flatMap((one) => conditionLines(one, depth + 1))];
}

/** A catalogue of another release may use conditions that this one does not have: they are shown as written. */
function sentenceOf(id: string, parameters: unknown): string {
  const condition = conditionById(id);
  const [reason] = condition?.evaluate(BLANK_READER, parameters as never).reasons ?? [];
  if (reason === undefined) return `${id}: ${JSON.stringify(parameters)}`;
  const borders = id === 'kernel-defect' ? kernelBorders(parameters as never) : '';
  return `${reason.condition}${borders}`;
}
