import { type Followed, followPacket } from '../datapath/follow.ts';
import type { TraceQuestion, TraceRefusal } from '../datapath/model/answer.ts';
import { Network } from '../datapath/model/network.ts';
import { type Asked, understandQuestion } from '../datapath/question.ts';
import { answeredQuestion, tracePaths } from '../datapath/trace.ts';
import type { Snapshot } from '../facts/snapshot/snapshot.ts';
import type { DiagnosisContext, Leg } from './causes/cause.ts';
import { CAUSES } from './causes/index.ts';
import { unexplained } from './causes/unexplained/index.ts';
import { concludeFrom } from './conclusion.ts';
import { type Cause, DIAGNOSIS_SCHEMA, type Diagnosis } from './model/diagnosis.ts';

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
  const followed = followPacket(network, asked, true);
  return {
    schema: DIAGNOSIS_SCHEMA,
    question: answeredQuestion(question, asked),
    conclusion: concludeFrom(followed),
    causes: causesOf(snapshot, network, asked, followed),
    paths: tracePaths(followed.paths),
    notModelled: followed.notModelled,
  };
}

/** Causes of all legs, each once, those that block first. */
export function causesOf(
  snapshot: Snapshot,
  network: Network,
  asked: Asked,
  followed: Followed,
): readonly Cause[] {
  const legs = legsOf(followed);
  const context: DiagnosisContext = { snapshot, network, asked, legs };
  const found = new Map<string, Cause>();
  for (const leg of legs) {
    const causes = CAUSES.flatMap((definition) => definition.find(leg, context));
    const isExplained = causes.some(({ effect }) => effect === 'blocks');
    for (const cause of isExplained ? causes : [...causes, ...unexplained.find(leg, context)]) {
      const key = JSON.stringify([cause.cause, cause.subject, cause.text]);
      if (!found.has(key)) found.set(key, cause);
    }
  }
  const all = [...found.values()];
  return [
    ...all.filter(({ effect }) => effect === 'blocks'),
    ...all.filter(({ effect }) => effect === 'hazard'),
  ];
}

function legsOf({ paths }: Followed): readonly Leg[] {
  return paths.flatMap(({ probability, request, reply }): readonly Leg[] => [
    { direction: 'request', probability, trail: request },
    ...(reply === undefined ? [] : [{ direction: 'reply', probability, trail: reply } as const]),
  ]);
}
