import { Agents } from './agents.ts';
import { buildLab, removeLab } from './build.ts';
import { collectLab } from './evidence.ts';
import type { RecordedLab, Seen } from './judge.ts';
import { type Observed, observe, readObserved } from './observer.ts';
import type { LabPlan, Question } from './plan.ts';
import { Random } from './random.ts';

/** Builds a lab, sends its packets, writes down what the kernel did with them, and removes it. */
export async function runLab(prefix: string, plan: LabPlan): Promise<RecordedLab> {
  removeLab(prefix);
  let agents: Agents | undefined;
  try {
    buildLab(prefix, plan);
    agents = new Agents(prefix, plan);
    await agents.listen();
    const files = collectLab(prefix, plan, new Random(plan.seed));
    observe(prefix, plan);
    for (const question of plan.questions) agents.send(question);
    await agents.quiet();
    const observed = readObserved(prefix, plan);
    const { strays } = observed;
    return { plan, files, seen: seenOf(plan, agents, observed), ...(strays.length > 0 ? { strays } : {}) };
  } finally {
    agents?.stop();
    removeLab(prefix);
  }
}

function seenOf(plan: LabPlan, { receipts, answered, errors }: Agents, observed: Observed): readonly Seen[] {
  return plan.questions.flatMap((question) => {
    const receipt = (question.protocol === 'udp' ? receipts : observed.receipts).get(question.id);
    const told = errors.get(question.id) ?? [];
    // The address is on an interface that is down: nothing was sent.
    if (told.includes('EADDRNOTAVAIL')) return [];
    return [
      {
        question,
        ...(receipt === undefined ? {} : { receipt }),
        isAnswered: answered.has(question.id) || (told.length > 0 && cameBack(question, observed)),
        errors: told,
      },
    ];
  });
}

/**
 * Whether the SYN,ACK came in although the sender was told of an error: the third packet of a connection, which nobody asks for here,
 * was refused.
 */
function cameBack({ id, from, destination, port }: Question, { answers }: Observed): boolean {
  const answer = answers.get(id);
  return answer?.at === from && answer.source === destination && answer.sourcePort === port;
}
