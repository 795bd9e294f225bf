import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Interner } from './interner.ts';

describe('interner', () => {
  it('gives a number to every pair and text, the same for the same and for nothing else', () => {
    const number = fc.integer({ min: -2, max: 60 });
    fc.assert(
      fc.property(fc.array(fc.tuple(number, number), { maxLength: 5000 }), (pairs) => {
        const interner = new Interner();
        const known = new Map<string, number>();
        for (const [left, right] of pairs) {
          const id = interner.pair(left, right);
          expect(known.get(`${left} ${right}`) ?? id).toBe(id);
          known.set(`${left} ${right}`, id);
          known.set(`text ${left}`, interner.text(`${left}`));
        }
        expect(new Set(known.values()).size).toBe(known.size);
        expect([...known.values()].every((id) => id > 0)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('tells many pairs apart', () => {
    const interner = new Interner();
    const ids = new Set<number>();
    for (let left = 0; left < 300; left++)
      for (let right = 0; right < 300; right++) ids.add(interner.pair(left * 65_536, right));
    expect(ids.size).toBe(90_000);
    expect(interner.pair(299 * 65_536, 0)).toBe(interner.pair(299 * 65_536, 0));
  });
});
