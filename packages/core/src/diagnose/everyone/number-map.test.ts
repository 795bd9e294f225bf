import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NumberMap } from './number-map.ts';

it('keeps the last number that was set under each key, as a map does', () => {
  const key = fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 2 ** 31 - 1 }));
  const value = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: -(2 ** 31), max: -1 }));
  fc.assert(
    fc.property(fc.array(fc.tuple(key, value), { maxLength: 2000 }), (entries) => {
      const map = new NumberMap();
      for (const [at, number] of entries) map.set(at, number);
      const right = new Map(entries);
      expect([...map.keys()].sort()).toEqual([...right.keys()].sort());
      for (const [at, number] of right) expect(map.get(at)).toBe(number);
      expect(map.size).toBe(right.size);
      expect(right.has(201) ? 0 : map.get(201)).toBe(0);
    }),
    { numRuns: 50 },
  );
});
