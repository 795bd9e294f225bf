import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allOf, anyOf, negate, type Outcome } from './outcome.ts';

const missing = [{ fact: 'f', command: 'c' }];
const reason = { condition: 'c', result: 'yes' as const, fact: 'f', value: 'v', origins: [] };
const yes: Outcome = { answer: 'yes', reasons: [reason], missing: [] };
const perhaps: Outcome = { ...yes, uncertain: 'vendor kernel' };
const no: Outcome = { answer: 'no', reasons: [{ ...reason, result: 'no' }], missing: [] };
const unknown: Outcome = { answer: 'unknown', reasons: [{ ...reason, result: 'unknown' }], missing };
const outcome = fc.constantFrom(yes, perhaps, no, unknown);

describe('combining outcomes', () => {
  it.each([
    [[yes, no, unknown], 'no'],
    [[yes, unknown], 'unknown'],
    [[yes, yes], 'yes'],
    [[], 'yes'],
  ])('all of %j', (parts, answer) => {
    expect(allOf(parts).answer).toBe(answer);
  });

  it('an uncertain part makes the whole uncertain', () => {
    expect(allOf([yes, perhaps]).uncertain).toBe('vendor kernel');
  });

  it('a certain witness outranks an uncertain one', () => {
    expect(anyOf([perhaps, yes]).uncertain).toBeUndefined();
    expect(anyOf([perhaps, no]).uncertain).toBe('vendor kernel');
  });

  it('an unknown names what would settle it, a decided answer does not', () => {
    expect(allOf([yes, unknown]).missing).toEqual(missing);
    expect(allOf([unknown, no]).missing).toEqual([]);
    expect(anyOf([unknown, yes]).missing).toEqual([]);
  });

  it('the order of the parts does not change the answer', () => {
    fc.assert(
      fc.property(fc.array(outcome), (parts) => {
        const reversed = [...parts].reverse();
        expect(allOf(reversed).answer).toBe(allOf(parts).answer);
        expect(anyOf(reversed).answer).toBe(anyOf(parts).answer);
      }),
    );
  });

  it('saying a part twice does not change the answer', () => {
    fc.assert(
      fc.property(fc.array(outcome), (parts) => {
        expect(allOf([...parts, ...parts]).answer).toBe(allOf(parts).answer);
        expect(anyOf([...parts, ...parts]).answer).toBe(anyOf(parts).answer);
      }),
    );
  });

  it('not all is any not, for certain answers', () => {
    const certain = fc.constantFrom(yes, no, unknown);
    fc.assert(
      fc.property(fc.array(certain), (parts) => {
        expect(negate(allOf(parts)).answer).toBe(anyOf(parts.map(negate)).answer);
      }),
    );
  });
});

describe('negating', () => {
  it('never turns an unknown into an answer', () => {
    expect(negate(unknown).answer).toBe('unknown');
  });

  it('keeps an uncertain yes open: it may be wrong both ways', () => {
    expect(negate(perhaps)).toMatchObject({ answer: 'yes', uncertain: 'vendor kernel' });
  });
});
