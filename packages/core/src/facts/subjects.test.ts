import { describe, expect, it } from 'vitest';
import { sysctl } from './derived/sysctl/index.ts';
import { type FactDefinition, from, known } from './fact.ts';
import { loadSnapshot } from './snapshot/load.ts';
import { ClusterSubject } from './subjects.ts';

const encoder = new TextEncoder();

async function twoNodes() {
  const texts = { 'nodes/n1/sysctl.txt': 'a.b = 1\n', 'nodes/n2/sysctl.txt': 'x.y = 2\na.b = 1\n' };
  const files = Object.entries(texts).map(([path, text]) => ({ path, chunks: [encoder.encode(text)] }));
  return new ClusterSubject(await loadSnapshot(files), { now: '2026-11-20T00:00:00Z' });
}

/** Says whether a sysctl is 1, with the origins that `origins` makes of the sysctl's own. */
function isOne(copy: boolean, counter: { runs: number }): FactDefinition<boolean> {
  return {
    id: 'test.is-one',
    title: 'is one',
    level: 'node',
    compute(read) {
      counter.runs++;
      const fact = read.fact(sysctl, 'a.b');
      if (fact.state === 'unknown') return fact;
      return known(fact.value === '1', ...(copy ? fact.origins : [from(sysctl, 'a.b')]));
    },
  };
}

describe('facts of nodes with equal values in different places', () => {
  it('are worked out once where they point at what they rest on', async () => {
    const counter = { runs: 0 };
    const definition = isOne(false, counter);
    for (const node of (await twoNodes()).nodes)
      expect(node.fact(definition, '')).toMatchObject({ value: true });
    expect(counter.runs).toBe(1);
  });

  it('are worked out for each where they copy a place', async () => {
    const counter = { runs: 0 };
    const definition = isOne(true, counter);
    const facts = (await twoNodes()).nodes.map((node) => node.fact(definition, ''));
    expect(counter.runs).toBe(2);
    expect(facts).toMatchObject([{ origins: [{ line: 1 }] }, { origins: [{ line: 2 }] }]);
  });
});
