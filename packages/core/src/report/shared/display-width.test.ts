import fc from 'fast-check';
import { expect, it } from 'vitest';
import { displayWidth, padTo, wrapText } from './display-width.ts';

it.each([
  ['', 0],
  ['plain', 5],
  ['节点', 4],
  ['ｆｕｌｌ', 8],
  ['한글', 4],
  ['e\u0301', 1],
  ['\u{1F6A8}', 2],
  ['\u{1F9D1}\u200D\u{1F4BB}', 2],
  ['\u2764\uFE0F', 2],
  ['\u{1F1E9}\u{1F1EA}', 2],
  ['→', 1],
  ['שלום', 4],
])('%j takes %i columns', (text, width) => {
  expect(displayWidth(text)).toBe(width);
});

it('fills up by columns, not by characters', () => {
  expect(padTo('节点', 6)).toBe('节点  ');
  expect(padTo('longer', 3)).toBe('longer');
});

it.each([
  ['one two three', 7, ['one two', 'three']],
  ['a  b', 10, ['a b']],
  ['abcdefgh ij', 3, ['abc', 'def', 'gh', 'ij']],
  ['节点节点', 3, ['节', '点', '节', '点']],
  ['', 5, ['']],
])('wraps %j at %i', (text, width, lines) => {
  expect(wrapText(text, width)).toEqual(lines);
});

it('never makes a line too wide and loses nothing but spaces', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 2, max: 30 }), (text, width) => {
      const lines = wrapText(text, width);
      for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    }),
  );
});
