import type { TraceQuestion, TraceRefusal } from '../datapath/model/answer.ts';
import { Network } from '../datapath/model/network.ts';
import { understandQuestion } from '../datapath/question.ts';
import { answeredQuestion, tracePaths } from '../datapath/trace.ts';
import type { Snapshot } from '../facts/snapshot/snapshot.ts';
import { examine } from './examine.ts';
import { DIAGNOSIS_SCHEMA, type Diagnosis } from './model/diagnosis.ts';
import { diagnoseName, namedQuestion } from './names/diagnose-name.ts';

/**
 * Walks a packet and its answer, and names what stops them. `to` may also be a DNS name; then its lookup is walked as well, and
 * so it is where a pod calls a service.
 *
 * ```ts
 * diagnoseFlow(snapshot, { from: 'pod/default/client', to: 'web.default.svc:80' })
 *   → { conclusion: 'unreachable', causes: [{ cause: 'host-route-missing', … }], … }
 * ```
 */
export function diagnoseFlow(
  snapshot: Snapshot,
  question: TraceQuestion,
  network: Network = new Network(snapshot),
): Diagnosis | TraceRefusal {
  const named = namedQuestion(snapshot, network, question);
  if (named !== undefined) return diagnoseName(snapshot, network, question, named);
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
