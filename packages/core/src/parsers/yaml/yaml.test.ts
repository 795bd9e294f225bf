import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseYamlDocuments, YAML_SIZE_LIMIT } from './index.ts';

function fixture(name: string): string {
  return readFileSync(new URL(`__fixtures__/${name}`, import.meta.url), 'utf8');
}

function values(text: string): readonly unknown[] {
  return parseYamlDocuments(text).value.map(({ value }) => value);
}

describe('real configurations', () => {
  it('reads antrea-agent.conf', () => {
    const { value, problems } = parseYamlDocuments(fixture('001-antrea-agent-conf-v1.9.0.conf'));
    expect(problems).toEqual([]);
    expect(value).toHaveLength(1);
    expect(value[0]?.value).toMatchObject({
      featureGates: null,
      ovsBridge: 'br-int',
      trafficEncapMode: 'encap',
      tunnelType: 'geneve',
      noSNAT: false,
      disableTXChecksumOffload: false,
      antreaProxy: { proxyAll: false, skipServices: null },
      wireGuard: { port: 51820 },
    });
    expect(value[0]?.lineOf(['antreaProxy', 'proxyAll'])).toBeGreaterThan(
      value[0]?.lineOf(['antreaProxy']) ?? Infinity,
    );
  });

  it('reads the kube-proxy ConfigMap and the configuration inside it', () => {
    const { value, problems } = parseYamlDocuments(fixture('002-kube-proxy-talos.yaml'));
    expect(problems).toEqual([]);
    expect(value[0]?.value).toMatchObject({
      kind: 'ConfigMap',
      metadata: { name: 'kube-proxy-config-abc123' },
    });
    const map = value[0]?.value as { data: Record<string, string> } | undefined;
    expect(values(map?.data['config.conf'] ?? '')).toMatchObject([
      { kind: 'KubeProxyConfiguration', mode: 'nftables' },
    ]);
  });
});

it.each([
  ['a: yes', { a: true }],
  ['a: off', { a: false }],
  ['a: 0644', { a: 420 }],
  ['a: 1:30', { a: '1:30' }],
  ['a: 2001-01-01', { a: '2001-01-01' }],
  ['a: !!binary aGVsbG8=', { a: 'aGVsbG8=' }],
  ['a: ~', { a: null }],
  ['a: &x {b: 1}\nc: *x', { a: { b: 1 }, c: { b: 1 } }],
  ['a: &x {b: 1}\nc:\n  <<: *x\n  d: 2', { a: { b: 1 }, c: { b: 1, d: 2 } }],
  ['{"a": [1, "b\\u00e9"]}', { a: [1, 'bé'] }],
  ['\ufeffa: 1\r\n', { a: 1 }],
])('reads %j as Kubernetes does', (text, expected) => {
  expect(values(text)).toEqual([expected]);
});

it.each(['', '\n', '# comment\n', '---\n---\n'])('finds no document in %j', (text) => {
  expect(parseYamlDocuments(text)).toEqual({ value: [], problems: [] });
});

it('knows the lines of keys and items', () => {
  const [document] = parseYamlDocuments('# x\na:\n  - b: 1\n    c: &y\n      d: 2\n  - *y\n').value;
  const paths = [
    [],
    ['a'],
    ['a', 0],
    ['a', 0, 'c', 'd'],
    ['a', '1'],
    ['a', 1, 'd'],
    ['a', 2],
    ['z'],
    ['a', 0, 'b', 'c'],
  ];
  expect(paths.map((path) => document?.lineOf(path))).toEqual([
    2,
    2,
    3,
    5,
    6,
    5,
    undefined,
    undefined,
    undefined,
  ]);
});

it('leaves out a damaged document and keeps the others', () => {
  const { value, problems } = parseYamlDocuments('a: 1\n---\nb: [1, 2\n---\nc: 3\n');
  expect(value.map((document) => document.value)).toEqual([{ a: 1 }, { c: 3 }]);
  expect(problems).toMatchObject([{ line: 4 }]);
});

it('reports a key that stands twice', () => {
  const { value, problems } = parseYamlDocuments('a:\n  b: 1\n  b: 2\n');
  expect(value[0]?.value).toEqual({ a: { b: 2 } });
  expect(problems).toEqual([{ line: 3, reason: 'the key "b" stands twice' }]);
});

it('reports an alias without an anchor', () => {
  expect(parseYamlDocuments('a: *b\n')).toMatchObject({ value: [], problems: [{ line: 1 }] });
});

it('refuses documents that grow when their aliases are followed', () => {
  const levels = Array.from({ length: 9 }, (_, level) => {
    const inner = Array.from({ length: 9 }, () => (level === 0 ? 'x' : `*a${level - 1}`));
    return `a${level}: &a${level} [${inner.join(', ')}]`;
  });
  expect(parseYamlDocuments(levels.join('\n'))).toMatchObject({ value: [], problems: [{ line: 1 }] });
});

it('refuses thousands of aliases', () => {
  const text = `- &a x\n${'- *a\n'.repeat(2000)}`;
  expect(parseYamlDocuments(text)).toMatchObject({ value: [], problems: [{ line: 1 }] });
});

it.each([
  ['deep nesting', '['.repeat(50_000)],
  ['directives without a document', '%YAML 1.2\n'],
  ['NUL bytes', 'a: 1\nb: \0\n'],
  ['too large a text', ' '.repeat(YAML_SIZE_LIMIT + 1)],
])('reports %s', (_name, text) => {
  const { value, problems } = parseYamlDocuments(text);
  expect(value).toEqual([]);
  expect(problems.length).toBeGreaterThan(0);
});

it('reads JSON as JSON.parse does', () => {
  const key = fc.string({ minLength: 1, maxLength: 8 }).filter((name) => name !== '__proto__');
  const json = fc.dictionary(key, fc.jsonValue({ noUnicodeString: false }), {
    maxKeys: 4,
    noNullPrototype: true,
  });
  fc.assert(
    fc.property(json, (value) => {
      const text = JSON.stringify(value);
      // YAML refuses what JSON need not escape: DEL and the like.
      fc.pre(!/[\u007f-\u009f\ud800-\udfff\ufeff\uffff\ufffe]/.test(text));
      // V8 13.6 mixes up keys that are a single escape once it has parsed the key of one backslash.
      fc.pre(!text.includes(String.raw`"\\"`));
      expect(values(text)).toEqual([JSON.parse(text)]);
    }),
  );
});
