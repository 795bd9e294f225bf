import { type Disagreement, disagreements, type RecordedLab } from './judge.ts';
import { runLab } from './lab.ts';
import type { LabPlan, Part, Place } from './plan.ts';

/** Labs built for one disagreement; beyond it, the smallest that was found has to do. */
const BUILD_LIMIT = 120;

/** The smallest lab found in which the kernel and the walk do not agree. */
export interface Shrunk {
  readonly lab: RecordedLab;
  readonly disagreement: Disagreement;
  readonly builds: number;
}

/**
 * Takes parts and places out of a lab, first many at a time and then one by one, as long as one packet is still seen to go
 * another way than the walk says (delta debugging). Undefined where the disagreement does not come back.
 */
export async function shrink(
  prefix: string,
  plan: LabPlan,
  found: Disagreement,
): Promise<Shrunk | undefined> {
  const shrinker = new Shrinker(prefix);
  const start = { ...plan, questions: [found.seen.question] };
  if (!(await shrinker.stillWrong(start))) return undefined;
  await shrinker.takeOut(withParts);
  await shrinker.takeOut(withPlaces);
  await shrinker.takeOut(withParts);
  return shrinker.smallest;
}

type Taken = (plan: LabPlan, from: number, count: number) => LabPlan | undefined;

/** A plan without some of its parts; undefined where there are none left to take. */
function withParts(plan: LabPlan, from: number, count: number): LabPlan | undefined {
  const parts = without<Part>(plan.parts, from, count);
  return parts.length < plan.parts.length ? { ...plan, parts } : undefined;
}

function withPlaces(plan: LabPlan, from: number, count: number): LabPlan | undefined {
  const asks = plan.questions.map((question) => question.from);
  const places = without<Place>(plan.places, from, count);
  const isWhole = asks.every((name) => places.some((place) => place.name === name));
  return isWhole && places.length < plan.places.length ? { ...plan, places } : undefined;
}

function without<T>(list: readonly T[], from: number, count: number): readonly T[] {
  return [...list.slice(0, from), ...list.slice(from + count)];
}

class Shrinker {
  smallest: Shrunk | undefined;
  readonly #prefix: string;
  #builds = 0;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Whether a lab can be built and its packet still goes another way; then it is the smallest. */
  async stillWrong(plan: LabPlan): Promise<boolean> {
    if (this.#builds >= BUILD_LIMIT) return false;
    this.#builds++;
    try {
      const lab = await runLab(this.#prefix, plan);
      const [disagreement] = await disagreements(lab);
      if (disagreement === undefined) return false;
      this.smallest = { lab, disagreement, builds: this.#builds };
      return true;
    } catch {
      // Something needs what was taken out: this one can not be built.
      return false;
    }
  }

  /** From the end on, as what comes later leans on what comes first. */
  async takeOut(taken: Taken): Promise<void> {
    for (let count = 16; count >= 1; count = Math.floor(count / 2)) {
      const length = (): number => Math.max(this.#plan.parts.length, this.#plan.places.length);
      for (let from = length() - count; from > -count; from -= count) {
        const smaller = taken(this.#plan, Math.max(0, from), count + Math.min(0, from));
        if (smaller !== undefined) await this.stillWrong(smaller);
      }
    }
  }

  get #plan(): LabPlan {
    if (this.smallest === undefined) throw new Error('nothing to shrink');
    return this.smallest.lab.plan;
  }
}
