import { type Followed, type FollowedPath, followPacket } from '../datapath/follow.ts';
import type { TraceQuestion, TraceRefusal } from '../datapath/model/answer.ts';
import { Network } from '../datapath/model/network.ts';
import { type Asked, understandQuestion } from '../datapath/question.ts';
import { answeredQuestion, tracePaths } from '../datapath/trace.ts';
import type { Snapshot } from '../facts/snapshot/snapshot.ts';
import type { DiagnosisContext, Leg } from './causes/cause.ts';
import { explainLeg } from './causes/index.ts';
import { concludeFrom, type PathOutcome, pathOutcome } from './conclusion.ts';
import { type Cause, type Conclusion, DIAGNOSIS_SCHEMA, type Diagnosis } from './model/diagnosis.ts';

/**
 * Walks a packet and its answer, and names what stops them.
 *
 * ```ts
 * diagnoseFlow(snapshot, { from: 'pod/default/client', to: 'pod/default/web' })
 *   → { conclusion: 'unreachable', causes: [{ cause: 'host-route-missing', … }], … }
 * ```
 */
export function diagnoseFlow(
  snapshot: Snapshot,
  question: TraceQuestion,
  network: Network = new Network(snapshot),
): Diagnosis | TraceRefusal {
  const asked = understandQuestion(network, question);
  if ('error' in asked) return asked;
  const { followed, causes, conclusion } = examine(snapshot, network, asked);
  return {
    schema: DIAGNOSIS_SCHEMA,
    question: answeredQuestion(question, asked),
    conclusion,
    causes,
    paths: tracePaths(followed.paths),
    notModelled: followed.notModelled,
  };
}

/** A walk there and back with what was found on it. */
export interface Examined {
  readonly followed: Followed;
  /** Causes of all legs, each once, those that block first. */
  readonly causes: readonly Cause[];
  readonly conclusion: Conclusion;
}

/** Follows a packet and explains every leg of its ways. */
export function examine(snapshot: Snapshot, network: Network, asked: Asked): Examined {
  const followed = followPacket(network, asked, true);
  const ways = followed.paths.map((path) => ({ path, legs: legsOf(path) }));
  const context: DiagnosisContext = { snapshot, network, asked, legs: ways.flatMap(({ legs }) => legs) };
  const found: Cause[] = [];
  const outcomes: PathOutcome[] = [];
  for (const { path, legs } of ways) {
    const causes = legs.flatMap((leg) => explainLeg(leg, context));
    found.push(...causes);
    const isBlocked = causes.some(({ effect }) => effect === 'blocks');
    outcomes.push(pathOutcome(path.reply ?? path.request, isBlocked));
  }
  return { followed, causes: inOrder(found), conclusion: concludeFrom(outcomes) };
}

function legsOf({ probability, request, reply }: FollowedPath): readonly Leg[] {
  return [
    { direction: 'request', probability, trail: request },
    ...(reply === undefined ? [] : [{ direction: 'reply', probability, trail: reply } as const]),
  ];
}

/** Each cause once, those that block first. */
export function inOrder(causes: readonly Cause[]): readonly Cause[] {
  const each = new Map(
    causes.map((cause) => [JSON.stringify([cause.cause, cause.effect, cause.subject, cause.text]), cause]),
  );
  const all = [...each.values()];
  return [
    ...all.filter(({ effect }) => effect === 'blocks'),
    ...all.filter(({ effect }) => effect === 'hazard'),
  ];
}
