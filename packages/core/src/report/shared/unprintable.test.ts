import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toJson } from './to-json.ts';
import { printable, printableLines } from './unprintable.ts';

it.each([
  ['plain – text', 'plain – text'],
  ['a\nb\tc\r', 'a\\nb\\tc\\r'],
  ['\u001b[31mred\u001b[0m', '\\e[31mred\\e[0m'],
  ['\u009b31m', '\\u{9b}31m'],
  ['\u202Etxt.exe', '\\u{202e}txt.exe'],
  ['a\u200Bb', 'a\\u{200b}b'],
  ['\uD800', '\\u{d800}'],
  ['\u{1F9D1}\u200D\u{1F4BB} 节点 שלום e\u0301', '\u{1F9D1}\u200D\u{1F4BB} 节点 שלום e\u0301'],
])('%j is shown as %s', (text, shown) => {
  expect(printable(text)).toBe(shown);
});

it('keeps the lines of commands and files apart', () => {
  expect(printableLines('a\r\n\tb\u0007\n')).toEqual(['a', '    b\\u{7}']);
});

it('never leaves a character that acts on a terminal, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cs}\u200E\u200F\u2028-\u202E\u2066-\u2069]/u);
    }),
  );
});

it('writes JSON without such characters that reads back the same', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const json = toJson({ text });
      expect(json.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u2028-\u202E\u2066-\u2069]/u);
      expect(JSON.parse(json)).toEqual({ text });
    }),
  );
});
