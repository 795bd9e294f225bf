import { expect, it } from 'vitest';
import { sysctl } from './derived/sysctl/index.ts';
import { type FactDefinition, from, known } from './fact.ts';
import { loadSnapshot } from './snapshot/load.ts';
import { ClusterSubject } from './subjects.ts';

const encoder = new TextEncoder();

/** Nodes with one of two sysctl files and routes of their own. */
async function clusterOf(count: number) {
  const files = Array.from({ length: count }, (_, index) => [
    [`nodes/n${index}/sysctl.txt`, `a.b = ${index % 2}\n`],
    [`nodes/n${index}/ip-route.txt`, `default via 10.0.0.${index + 1} dev eth0\n`],
  ])
    .flat()
    .map(([path = '', text = '']) => ({ path, chunks: [encoder.encode(text)] }));
  return new ClusterSubject(await loadSnapshot(files), { now: '2026-11-20T00:00:00Z' });
}

it('nodes are of one kind when what many share is equal; what is their own does not count', async () => {
  const kinds = (await clusterOf(20)).nodes.map((node) => node.kind);
  expect(new Set(kinds).size).toBe(2);
  expect(kinds[0]).toBe(kinds[2]);
  expect(kinds[0]).not.toBe(kinds[1]);
});

it('a fact of a kind is worked out once, and has the value of its own kind', async () => {
  let runs = 0;
  const isOne: FactDefinition<boolean> = {
    id: 'test.is-one',
    title: 'is one',
    level: 'node',
    compute(read) {
      runs++;
      const fact = read.fact(sysctl, 'a.b');
      return fact.state === 'unknown' ? fact : known(fact.value === '1', from(sysctl, 'a.b'));
    },
  };
  const { nodes } = await clusterOf(20);
  expect(nodes.map((node) => node.fact(isOne, ''))).toMatchObject(
    nodes.map((_, index) => ({ value: index % 2 === 1 })),
  );
  expect(runs).toBe(2);
});
