import { Agents } from './agents.ts';
import { buildLab, removeLab } from './build.ts';
import { collectLab } from './evidence.ts';
import type { RecordedLab, Seen } from './judge.ts';
import { observe, readObserved } from './observer.ts';
import type { LabPlan } from './plan.ts';
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
    return { plan, files, seen: seenOf(plan, agents, readObserved(prefix, plan)) };
  } finally {
    agents?.stop();
    removeLab(prefix);
  }
}

function seenOf(
  plan: LabPlan,
  { receipts, answered, errors }: Agents,
  observed: ReturnType<typeof readObserved>,
): readonly Seen[] {
  return plan.questions.flatMap((question) => {
    const receipt = (question.protocol === 'udp' ? receipts : observed).get(question.id);
    const told = errors.get(question.id) ?? [];
    // The address is on an interface that is down: nothing was sent.
    if (told.includes('EADDRNOTAVAIL')) return [];
    return [
      {
        question,
        ...(receipt === undefined ? {} : { receipt }),
        isAnswered: answered.has(question.id),
        errors: told,
      },
    ];
  });
}
