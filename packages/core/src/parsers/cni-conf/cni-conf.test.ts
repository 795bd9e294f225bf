import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseCniConf } from './index.ts';

function fixture(name: string): string {
  return readFileSync(new URL(`__fixtures__/${name}`, import.meta.url), 'utf8');
}

/** Every `type` of a configuration, those of its parts included, in order. */
function typesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'type' && typeof inner === 'string' ? [inner] : typesIn(inner),
  );
}

describe('real configurations', () => {
  it.each([
    ['001-flannel-v0.22.conflist', ['flannel', 'portmap'], '0.3.1', true],
    ['004-crio-bridge.conflist', ['bridge'], '1.0.0', true],
    ['005-multus-00.conf', ['multus'], '0.3.1', false],
    ['006-loopback.conflist', ['loopback'], '1.0.0', true],
  ])('%s', (file, types, cniVersion, isList) => {
    const { value, problems } = parseCniConf(fixture(file));
    expect(problems).toEqual([]);
    expect(value).toMatchObject({ cniVersion, isList });
    expect(value?.plugins.map(({ type }) => type)).toEqual(types);
  });

  it("does not take flannel's network file for a CNI configuration", () => {
    const { value, problems } = parseCniConf(fixture('002-flannel-net-conf-v0.22.json'));
    expect(value).toBeUndefined();
    expect(problems).toMatchObject([{ pointer: '' }]);
  });

  it('finds the plugins of a template', () => {
    const { value, problems } = parseCniConf(fixture('003-calico-v3.26-template.conflist'));
    expect(problems).toEqual([{ line: 11, reason: 'a placeholder of a template', text: '__CNI_MTU__' }]);
    expect(value?.plugins.map(({ type, pointer }) => [type, pointer])).toEqual([
      ['calico', '/plugins/0'],
      ['portmap', '/plugins/1'],
      ['bandwidth', '/plugins/2'],
    ]);
    expect(value?.plugins.flatMap(({ config }) => typesIn(config))).toEqual([
      'calico',
      'calico-ipam',
      'k8s',
      'portmap',
      'bandwidth',
    ]);
    expect(value?.plugins[0]?.config).toMatchObject({ mtu: null, nodename: '__KUBERNETES_NODE_NAME__' });
  });
});

it('reads an empty list', () => {
  expect(parseCniConf('\ufeff{"name": "x", "plugins": []}')).toEqual({
    value: { name: 'x', plugins: [], isList: true },
    problems: [],
  });
});

it('reports plugins without a type and keeps the others', () => {
  const { value, problems } = parseCniConf('{"plugins": [{"type": "a"}, {}, "b", null]}');
  expect(value?.plugins.map(({ type }) => type)).toEqual(['a']);
  expect(problems.map(({ pointer }) => pointer)).toEqual(['/plugins/1', '/plugins/2', '/plugins/3']);
});

it('has nothing to say of an empty text', () => {
  expect(parseCniConf(' \n')).toEqual({ value: undefined, problems: [] });
});

it.each([
  '{"type": "bridge"',
  '[]',
  'null',
  '"__A__"',
  '{}',
  'cat: x: No such file or directory',
  '{"type": __A__',
])('reports %j', (text) => {
  const { value, problems } = parseCniConf(text);
  expect(value).toBeUndefined();
  expect(problems.length).toBeGreaterThan(0);
});
