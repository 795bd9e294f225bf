import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { traceFlow } from '../../src/datapath/trace.ts';
import { askedOf, type RecordedLab } from './kernel/judge.ts';
import { Random } from './kernel/random.ts';
import { networkOf } from './network-of.ts';

const folder = new URL('__fixtures__/labs/', import.meta.url);
const labs = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as RecordedLab);

/** Damages one file: cuts it, takes it away, or overwrites a part. */
function damage(files: Readonly<Record<string, string>>, random: Random): Record<string, string> {
  const name = random.pick(Object.keys(files));
  const { [name]: text = '', ...others } = files;
  const at = random.below(text.length + 1);
  switch (random.below(3)) {
    case 0:
      return others;
    case 1:
      return { ...files, [name]: text.slice(0, at) };
    default:
      return { ...files, [name]: `${text.slice(0, at)}\u0000{"]-A !! jump${text.slice(at + 20)}` };
  }
}

it.each(Array.from({ length: 100 }, (_, index) => index))(
  'damage %i: an answer to every question, and nothing delivered without a word',
  async (seed) => {
    const random = new Random(seed);
    const lab = random.pick(labs);
    const network = await networkOf(damage(lab.files, random));
    for (const { question, receipt } of lab.seen) {
      const answer = traceFlow(network, askedOf(lab.plan, question));
      if ('error' in answer) continue;
      const sum = answer.paths.reduce((total, { probability }) => total + probability, 0);
      expect(sum).toBeCloseTo(1, 9);
      const isDelivered = answer.paths.every(({ disposition }) => disposition === 'delivered');
      if (isDelivered && receipt === undefined) {
        expect(answer.notModelled.some(({ couldChangeAnswer }) => couldChangeAnswer)).toBe(true);
      }
    }
  },
);
