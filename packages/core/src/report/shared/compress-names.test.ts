import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compressNames } from './compress-names.ts';

const texts = (names: readonly string[]): readonly string[] => compressNames(names).map(({ text }) => text);

it.each([
  [
    ['n1', 'n2'],
    ['n1', 'n2'],
  ],
  [['n3', 'n1', 'n2'], ['n[1-3]']],
  [
    ['n1', 'n2', 'n3', 'n7', 'gw'],
    ['gw', 'n[1-3,7]'],
  ],
  [['n8', 'n9', 'n10', 'n11'], ['n[8-11]']],
  [['n09', 'n10', 'n11'], ['n[09-11]']],
  [['n9', 'n010', 'n011', 'n012'], ['n[9,010-012]']],
  [['ip-10-0-0-7.ec2', 'ip-10-0-0-8.ec2', 'ip-10-0-0-9.ec2'], ['ip-10-0-0-[7-9].ec2']],
  [
    ['r1-a', 'r2-a', 'r3-a', 'r1-b'],
    ['r[1-3]-a', 'r1-b'],
  ],
  [['a', 'a'], ['a']],
  [[], []],
])('%j becomes %j', (names, shortened) => {
  expect([...texts(names)].sort()).toEqual([...shortened].sort());
});

it('counts every name exactly once', () => {
  const name = fc.stringMatching(/^[a-c]{0,2}-?[0-9]{1,3}(?:\.[0-9]{1,2})?$/);
  fc.assert(
    fc.property(fc.array(name, { maxLength: 40 }), (names) => {
      const total = compressNames(names).reduce((sum, { count }) => sum + count, 0);
      expect(total).toBe(new Set(names).size);
    }),
  );
});
