import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { traceFlow } from '../../src/datapath/trace.ts';
import { FIRST_SOURCE_PORT, type RecordedLab } from './kernel/judge.ts';
import { Random } from './kernel/random.ts';
import { ADDRESS } from './kernel/topology.ts';
import { networkOf } from './network-of.ts';

const folder = new URL('__fixtures__/labs/', import.meta.url);
const labs = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as RecordedLab);

/** Says of the namespaces of pods that they have no rules, which the labs did not ask. */
function withPodRules(files: Readonly<Record<string, string>>): Record<string, string> {
  const pods = new Set(
    Object.keys(files).flatMap((path) => /^nodes\/[^/]+\/netns\/[^/]+\//.exec(path)?.[0] ?? []),
  );
  return {
    ...files,
    ...Object.fromEntries([...pods].map((directory) => [`${directory}nft-ruleset.txt`, ''])),
  };
}

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
    const network = await networkOf(damage(withPodRules(lab.files), random));
    for (const { id, from, destination, port, receipt } of lab.seen) {
      const answer = traceFlow(network, {
        from: ADDRESS[from],
        to: `${destination}:${port}`,
        protocol: 'udp',
        sourcePort: FIRST_SOURCE_PORT + id,
      });
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
