import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DecisionMemo, type ReadKey } from './decision-memo.ts';

type Node = Readonly<Record<'kernel' | 'mode' | 'name', string>>;

const read = (node: Node, name: keyof Node, record: (key: ReadKey) => void): string => {
  record({ kind: 'fact', name, detail: '' });
  return node[name];
};

/** Looks at the mode only where the kernel is old, as conditions do that stop at the first no. */
function compute(node: Node, record: (key: ReadKey) => void): string {
  if (read(node, 'kernel', record) === 'new') return 'not affected';
  return read(node, 'mode', record) === 'ipvs' ? 'affected' : 'not affected';
}

function memoAndCount(kinds = true) {
  const counter = { runs: 0 };
  const memo = new DecisionMemo<Node, string>(
    {
      fingerprint: (node, key) => node[key.name as keyof Node],
      // The kernel decides the kind, so what rests on it alone is the same for the whole kind.
      kindOf: ({ kernel }) => (kinds ? (kernel === 'old' ? 0 : 1) : undefined),
      isOfKind: (_, key) => key.name === 'kernel',
      isOwn: (_, key) => key.name === 'name',
    },
    (node, record) => {
      counter.runs++;
      return compute(node, record);
    },
  );
  return { memo, counter };
}

it('runs once for all subjects whose reads are equal, whatever else differs', () => {
  const { memo, counter } = memoAndCount();
  for (let index = 0; index < 100; index++) {
    memo.get({ kernel: index % 2 === 0 ? 'old' : 'new', mode: 'ipvs', name: `n${index}` });
  }
  expect(counter.runs).toBe(2);
});

it('always gives what the computation itself gives', () => {
  const nodes = fc.record({
    kernel: fc.constantFrom('old', 'new'),
    mode: fc.constantFrom('ipvs', 'iptables', 'nftables'),
    name: fc.string(),
  });
  fc.assert(
    fc.property(fc.array(nodes), fc.boolean(), (list, kinds) => {
      const { memo } = memoAndCount(kinds);
      for (const node of list) expect(memo.get(node)).toBe(compute(node, () => undefined));
    }),
  );
});
