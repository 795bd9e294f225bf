import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { TraceAnswer, TraceQuestion, TraceRefusal } from '../../src/datapath/model/answer.ts';
import { traceFlow } from '../../src/datapath/trace.ts';
import { networkOf } from './network-of.ts';

type Files = Readonly<Record<string, string>>;

const forms = JSON.parse(
  readFileSync(new URL('__fixtures__/small-lab/evidence.json', import.meta.url), 'utf8'),
) as { readonly text: Files; readonly json: Files };

const QUESTIONS: readonly TraceQuestion[] = [
  { from: 'pod/default/p1', to: '10.96.0.1:80' },
  { from: 'pod/default/p1', to: '10.244.3.10:8080' },
  { from: 'pod/default/p1', to: '10.244.3.10:22' },
  { from: 'pod/default/b1', to: '10.244.1.10:8080' },
  { from: 'node/n1', to: '10.244.3.10:22' },
  { from: 'pod/default/b1', to: '10.244.3.1:22' },
  { from: 'pod/default/b1', to: '203.0.113.1:22' },
];

/** How each question ends with all evidence. */
const ENDS = ['delivered', 'delivered', 'dropped', 'dropped', 'delivered', 'delivered', 'no-route'];

async function askAll(files: Files): Promise<readonly (TraceAnswer | TraceRefusal)[]> {
  const network = await networkOf(files);
  return QUESTIONS.map((question) => traceFlow(network, question));
}

/** Where the packet ends, of an answer that claims to know it. */
function claimOf(answer: TraceAnswer | TraceRefusal | undefined): string | undefined {
  if (answer === undefined || 'error' in answer) return undefined;
  const isOpen = answer.notModelled.some(({ couldChangeAnswer }) => couldChangeAnswer);
  const isUnknown = answer.paths.some(({ disposition }) => disposition === 'unknown');
  if (isOpen || isUnknown) return undefined;
  return JSON.stringify(answer.paths.map(({ steps: _, ...end }) => end));
}

describe.each(Object.entries(forms))('%s', (_, files) => {
  it('whole', async () => {
    const answers = await askAll(files);
    expect(answers.map((answer) => ('error' in answer ? answer : answer.paths[0]?.disposition))).toEqual(
      ENDS,
    );
    expect(
      answers.flatMap((answer): readonly unknown[] => ('error' in answer ? [answer] : answer.notModelled)),
    ).toEqual([]);
  });

  it.each(Object.keys(files))('%s, cut at every tenth byte: what is claimed is right', async (name) => {
    const text = files[name] ?? '';
    const right = (await askAll(files)).map(claimOf);
    const wrong: string[] = [];
    for (let at = 10; at < text.length; at += 10) {
      // A dump that ends after a whole line looks whole.
      if (text[at - 1] === '\n') continue;
      const answers = await askAll({ ...files, [name]: text.slice(0, at) });
      for (const [index, answer] of answers.entries()) {
        const claim = claimOf(answer);
        if (claim !== undefined && claim !== right[index]) {
          wrong.push(`${at}: ${JSON.stringify(QUESTIONS[index])}: ${claim}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });
});
