import { PRODUCTS } from '../facts/derived/components/presence.ts';
import type { Reader } from '../facts/reader.ts';
import type { Basis, MissingFact, Verdict } from '../model/finding.ts';
import { componentOf, type Issue } from '../model/issue.ts';
import type { ConditionTree } from './condition-tree.ts';
import { conditionById } from './conditions/index.ts';
import type { Outcome, ReasonDraft } from './outcome.ts';

/** A verdict with its proof, before it is tied to one subject. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly basis?: Basis;
  readonly because: readonly ReasonDraft[];
  readonly missing: readonly MissingFact[];
}

/**
 * Judges an issue on one subject.
 *
 * What is observed outranks what is inferred: proof of the defect itself gives `affected` whatever the versions say.
 * Otherwise the preconditions decide, then the settings that prevent the harm. An answer that is not known never
 * turns into `not-affected`; only in a hypothetical cluster a mitigation nobody mentioned counts as not made.
 */
export function judge(tree: ConditionTree, issue: Issue, read: Reader): Judgement {
  const present = componentPresence(issue, read);
  if (present?.answer === 'no') return ruledOut(present);

  const observed = issue.observed === undefined ? undefined : tree.evaluate(issue.observed, read);
  if (observed?.answer === 'yes' && observed.uncertain === undefined) return affected('observed', observed);

  const applies = issue.applies === undefined ? undefined : tree.evaluate(issue.applies, read);
  if (applies === undefined) return withoutPreconditions(observed);
  if (applies.answer === 'no') return ruledOut(applies);
  if (applies.answer === 'unknown' || present?.answer === 'unknown') {
    return undecided([present, applies, ...(observed?.answer === 'unknown' ? [observed] : [])]);
  }
  return judgeMitigation(tree, issue, read, applies, observed);
}

function judgeMitigation(
  tree: ConditionTree,
  issue: Issue,
  read: Reader,
  applies: Outcome,
  observed: Outcome | undefined,
): Judgement {
  const mitigated = issue.mitigated === undefined ? undefined : tree.evaluate(issue.mitigated, read);
  if (mitigated?.answer === 'yes') {
    return { verdict: 'mitigated', because: [...applies.reasons, ...mitigated.reasons], missing: [] };
  }
  if (mitigated?.answer === 'unknown' && !read.hypothetical) return undecided([applies, mitigated]);
  const suspicion = applies.uncertain ?? observed?.uncertain;
  return affected(suspicion === undefined ? 'exposed' : 'suspected', applies);
}

/** For entries that only know the defect itself: seen or not seen. */
function withoutPreconditions(observed: Outcome | undefined): Judgement {
  if (observed === undefined) return { verdict: 'unknown', because: [], missing: [] };
  if (observed.answer === 'yes') return affected('suspected', observed);
  return observed.answer === 'no' ? ruledOut(observed) : undecided([observed]);
}

function componentPresence(issue: Issue, read: Reader): Outcome | undefined {
  const name = issue.scope.component ?? componentOf(issue.id);
  const condition = conditionById('component');
  if (!PRODUCTS.includes(name) || condition === undefined) return undefined;
  return condition.evaluate(read, { name, present: true } as never);
}

function affected(basis: Basis, proof: Outcome): Judgement {
  return { verdict: 'affected', basis, because: proof.reasons, missing: [] };
}

function ruledOut(outcome: Outcome): Judgement {
  return { verdict: 'not-affected', because: outcome.reasons, missing: [] };
}

function undecided(parts: readonly (Outcome | undefined)[]): Judgement {
  const known = parts.filter((part) => part !== undefined);
  return {
    verdict: 'unknown',
    because: known.flatMap((part) => part.reasons),
    missing: distinct(known.flatMap((part) => part.missing)),
  };
}

function distinct(missing: readonly MissingFact[]): readonly MissingFact[] {
  const seen = new Map(missing.map((fact) => [`${fact.fact}\n${fact.where ?? ''}`, fact]));
  return [...seen.values()];
}
