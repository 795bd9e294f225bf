import { DecisionMemo } from '../facts/decision-memo.ts';
import type { Reader } from '../facts/reader.ts';
import { type ClusterSubject, NODE_SUBJECTS, type NodeSubject } from '../facts/subjects.ts';
import type { ConditionNode } from '../model/issue.ts';
import { conditionById } from './conditions/index.ts';
import { allOf, anyOf, negate, type Outcome } from './outcome.ts';

/** What a condition about an object answers before there is one; see `evaluateObjects`. */
const NEEDS_OBJECT: Outcome = { answer: 'unknown', reasons: [], missing: [] };

/** Evaluates the conditions of entries on one cluster; remembers what the cluster as a whole answered. */
export class ConditionTree {
  readonly #cluster: ClusterSubject;
  readonly #someNode = new Map<ConditionNode, Outcome>();
  readonly #ofCluster = new Map<ConditionNode, Outcome>();

  constructor(cluster: ClusterSubject) {
    this.#cluster = cluster;
  }

  evaluate(node: ConditionNode, read: Reader): Outcome {
    if (isAll(node)) return allOf(this.#each(node.all, read));
    if (isAny(node)) return anyOf(this.#each(node.any, read));
    if (isNot(node)) return negate(this.evaluate(node.not, read));
    if (isSomeNode(node)) return this.#onSomeNode(node['some-node']);
    const [[id, parameters] = []] = Object.entries(node);
    const condition = conditionById(id ?? '');
    if (condition === undefined) throw new Error(`condition "${id}" does not exist`);
    const level = condition.level(parameters as never);
    if (level === 'object' && read.object() === undefined) return NEEDS_OBJECT;
    if (level !== 'cluster') return condition.evaluate(read, parameters as never);
    // What is asked of the whole cluster has one answer, however many subjects it is asked for.
    let outcome = this.#ofCluster.get(node);
    if (outcome === undefined) {
      outcome = condition.evaluate(read, parameters as never);
      this.#ofCluster.set(node, outcome);
    }
    return outcome;
  }

  /** Lazy, so that what comes after a decisive answer is never looked at. */
  *#each(nodes: readonly ConditionNode[], read: Reader): Generator<Outcome> {
    for (const node of nodes) yield this.evaluate(node, read);
  }

  /** True if one node passes; false only if every node is known not to. Nodes with equal evidence are tested once. */
  #onSomeNode(node: ConditionNode): Outcome {
    const known = this.#someNode.get(node);
    if (known !== undefined) return known;
    const memo = new DecisionMemo<NodeSubject, Outcome>(NODE_SUBJECTS, (subject, record) =>
      this.evaluate(node, subject.reader(record)),
    );
    const outcomes = this.#cluster.nodes.map((subject) => onNode(memo.get(subject), subject));
    const result = anyOf(outcomes);
    // One witness is enough; the reasons of thousands of nodes that failed for the same cause are not more proof.
    const short = result.answer === 'yes' ? result : { ...result, reasons: result.reasons.slice(0, 6) };
    const limited = { ...short, missing: short.missing.slice(0, 12) };
    this.#someNode.set(node, limited);
    return limited;
  }
}

function onNode(outcome: Outcome, { name }: NodeSubject): Outcome {
  if (name === undefined) return outcome;
  return {
    ...outcome,
    reasons: outcome.reasons.map((reason) => ({ ...reason, node: name })),
    missing: outcome.missing.map((missing) =>
      missing.where === 'node' ? { ...missing, where: `node ${name}` } : missing,
    ),
  };
}

export function isAll(node: ConditionNode): node is { readonly all: readonly ConditionNode[] } {
  return 'all' in node;
}

export function isAny(node: ConditionNode): node is { readonly any: readonly ConditionNode[] } {
  return 'any' in node;
}

export function isNot(node: ConditionNode): node is { readonly not: ConditionNode } {
  return 'not' in node;
}

export function isSomeNode(node: ConditionNode): node is { readonly 'some-node': ConditionNode } {
  return 'some-node' in node;
}
