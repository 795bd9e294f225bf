import type { FactOrigin, Origin } from '../facts/fact.ts';
import type { Answer, MissingFact, Reason } from '../model/finding.ts';

/** A reason before its evidence is tied to one node. */
export interface ReasonDraft extends Omit<Reason, 'evidence'> {
  readonly origins: readonly (Origin | FactOrigin)[];
  /** Node whose evidence `origins` speak of, where it is not the subject's own. */
  readonly node?: string;
}

/** Result of testing conditions on one subject. */
export interface Outcome {
  readonly answer: Answer;
  /** Why a `yes` is not certain. */
  readonly uncertain?: string;
  readonly reasons: readonly ReasonDraft[];
  /** With `unknown`: what would settle it. */
  readonly missing: readonly MissingFact[];
}

/** True only if all are true; false as soon as one is, whatever the others say. */
export function allOf(parts: Iterable<Outcome>): Outcome {
  const reasons: ReasonDraft[] = [];
  const missing: MissingFact[] = [];
  let answer: Answer = 'yes';
  let uncertain: string | undefined;
  for (const part of parts) {
    if (part.answer === 'no') return part;
    reasons.push(...part.reasons);
    if (part.answer === 'unknown') answer = 'unknown';
    missing.push(...part.missing);
    uncertain ??= part.uncertain;
  }
  return outcome(answer, reasons, missing, uncertain);
}

/** True as soon as one is certainly true; false only if all are. */
export function anyOf(parts: Iterable<Outcome>): Outcome {
  const failed: ReasonDraft[] = [];
  const missing: MissingFact[] = [];
  let uncertainYes: Outcome | undefined;
  let unknown = false;
  for (const part of parts) {
    if (part.answer === 'yes' && part.uncertain === undefined) return part;
    if (part.answer === 'yes') uncertainYes ??= part;
    if (part.answer === 'unknown') unknown = true;
    failed.push(...part.reasons);
    missing.push(...part.missing);
  }
  if (uncertainYes !== undefined) return uncertainYes;
  return outcome(unknown ? 'unknown' : 'no', failed, missing);
}

/** Turns yes and no around; what is uncertain or unknown stays so. */
export function negate(part: Outcome): Outcome {
  if (part.answer === 'unknown') return part;
  const answer = part.answer === 'yes' ? 'no' : 'yes';
  if (part.answer === 'yes' && part.uncertain !== undefined) {
    return outcome('yes', part.reasons.map(negateReason), [], part.uncertain);
  }
  return outcome(answer, part.reasons.map(negateReason), [], part.uncertain);
}

function negateReason(reason: ReasonDraft): ReasonDraft {
  if (reason.result === 'unknown') return reason;
  return { ...reason, condition: `not: ${reason.condition}`, result: reason.result === 'yes' ? 'no' : 'yes' };
}

function outcome(
  answer: Answer,
  reasons: readonly ReasonDraft[],
  missing: readonly MissingFact[],
  uncertain?: string,
): Outcome {
  return {
    answer,
    reasons,
    missing: answer === 'unknown' ? missing : [],
    ...(uncertain === undefined || answer === 'no' ? {} : { uncertain }),
  };
}
