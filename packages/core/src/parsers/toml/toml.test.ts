import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseToml } from './index.ts';

function entries(text: string): Record<string, unknown> {
  return Object.fromEntries(parseToml(text).value.entries.map(({ path, value }) => [path.join(' '), value]));
}

it.each([
  ['a = 1', { a: 1 }],
  ['a = -1_000', { a: -1000 }],
  ['a = 0xff', { a: 255 }],
  ['a = 0.02', { a: 0.02 }],
  ['a = 1e3', { a: 1000 }],
  ['a = -inf', { a: -Infinity }],
  ['a = true # comment', { a: true }],
  ['a = 2024-01-01T00:00:00Z', { a: '2024-01-01T00:00:00Z' }],
  ['a = 2024-01-01 00:00:00', { a: '2024-01-01 00:00:00' }],
  ['a = "b \\"c\\" \\t\\u00e9#"', { a: 'b "c" \té#' }],
  ["a = 'b\\n'", { a: 'b\\n' }],
  ['a = """\nb\nc \\\n   d"""', { a: 'b\nc d' }],
  ["a = '''b''''", { a: "b'" }],
  ['a = []', { a: [] }],
  ['a = [ "b", # c\n  "d",\n]', { a: ['b', 'd'] }],
  ['a = { b = 1, "c.d" = [2] }', { 'a b': 1, 'a c.d': [2] }],
  ['a = [{ b = 1 }, { b = 2 }]', { a: [], 'a 0 b': 1, 'a 1 b': 2 }],
  ['a.b."c.d" = 1', { 'a b c.d': 1 }],
  ['[a]\nb = 1\n[a.c]\nd = 2', { 'a b': 1, 'a c d': 2 }],
  ['[ a . "b.c" ] # x\nd = 1', { 'a b.c d': 1 }],
  ['[[a]]\nb = 1\n[[a]]\nb = 2\n[a.c]\nd = 3', { 'a 0 b': 1, 'a 1 b': 2, 'a 1 c d': 3 }],
  ['\ufeffa = 1\r\nb = 2\r\n', { a: 1, b: 2 }],
  ['', {}],
])('reads %j', (text, expected) => {
  expect(parseToml(text).problems).toEqual([]);
  expect(entries(text)).toEqual(expected);
});

it('knows the lines of settings and tables', () => {
  const { value } = parseToml('\n[a]\nb = [\n 1,\n]\nc = """\n\n"""\nd = 1\n');
  expect(value.tables).toEqual([{ path: ['a'], line: 2 }]);
  expect(value.entries.map(({ path, line }) => [path.at(-1), line])).toEqual([
    ['b', 3],
    ['c', 6],
    ['d', 9],
  ]);
});

it.each(['a', 'a =', 'a = b', 'a = "b', 'a = "\\q"', 'a = 1 2', '= 1', 'a = [1 2]', 'a = {b = 1', 'a = 1\0'])(
  'reports %j and reads on',
  (line) => {
    const { value, problems } = parseToml(`${line}\nz = 1\n`);
    expect(problems).toMatchObject([{ line: 1 }]);
    expect(value.entries).toEqual([{ path: ['z'], value: 1, line: 2 }]);
  },
);

it('does not put settings below a damaged header into another table', () => {
  const { value, problems } = parseToml('[a]\nb = 1\n[c\nd = 2\n[e]\nf = 3\n');
  expect(value.entries.map(({ path }) => path.join('.'))).toEqual(['a.b', 'e.f']);
  expect(problems).toMatchObject([
    { line: 3 },
    { line: 4, reason: 'a setting below a damaged table header' },
  ]);
});

it('reports a setting that stands twice', () => {
  expect(parseToml('a = 1\na = 2\n').problems).toEqual([{ line: 2, reason: '"a" stands twice' }]);
});

it('reads back any string', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      // Surrogate halves cannot be written in a TOML file.
      const written = JSON.stringify(text.toWellFormed()).replaceAll('\\/', '/');
      expect(entries(`a = ${written}`)).toEqual({ a: text.toWellFormed() });
    }),
  );
});
