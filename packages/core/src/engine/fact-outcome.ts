import { type Fact, type FactDefinition, formatFact, from } from '../facts/fact.ts';
import type { Answer, MissingFact } from '../model/finding.ts';
import type { Outcome, ReasonDraft } from './outcome.ts';

/** How a test of a fact's value ended, when the value is known. */
export interface Decision {
  readonly answer: Answer;
  readonly uncertain?: string;
  /** Shown instead of the whole value, for example one entry of a list. */
  readonly value?: string;
  /** With `unknown`: what would settle it, although the fact itself is known. */
  readonly missing?: readonly MissingFact[];
}

/**
 * Tests a fact: an unknown fact gives `unknown` with what would settle it, a known one what `decide` says.
 * `sentence` is the condition in words.
 */
export function factOutcome<T>(
  definition: FactDefinition<T>,
  parameter: string,
  fact: Fact<T>,
  sentence: string,
  decide: (value: T) => Decision,
): Outcome {
  const name = parameter === '' ? definition.id : `${definition.id}(${parameter})`;
  if (fact.state === 'unknown') {
    const reason: ReasonDraft = {
      condition: sentence,
      result: 'unknown',
      fact: name,
      value: 'unknown',
      origins: [],
    };
    return { answer: 'unknown', reasons: [reason], missing: fact.missing };
  }
  const decision = decide(fact.value);
  const uncertain = decision.uncertain ?? (decision.answer === 'unknown' ? undefined : fact.uncertain);
  const reason: ReasonDraft = {
    condition: sentence,
    result: decision.answer,
    fact: name,
    value: decision.value ?? formatFact(definition, fact.value),
    origins: [from(definition, parameter)],
    ...(uncertain === undefined ? {} : { uncertain }),
  };
  return {
    answer: decision.answer,
    reasons: [reason],
    missing: decision.answer === 'unknown' ? (decision.missing ?? []) : [],
    ...(uncertain === undefined ? {} : { uncertain }),
  };
}
