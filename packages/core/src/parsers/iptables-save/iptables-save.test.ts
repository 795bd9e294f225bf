import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type IptablesSave, type IptablesTable, parseIptablesSave } from './index.ts';

function fixture(name: string): string {
  return readFileSync(new URL(`__fixtures__/${name}`, import.meta.url), 'utf8');
}

function chainCount(save: IptablesSave): number {
  return [...save.tables.values()].reduce((sum, table) => sum + table.chains.size, 0);
}

function rulesOf(table: IptablesTable | undefined) {
  return [...(table?.chains.values() ?? [])].flatMap((chain) => chain.rules);
}

function allRules(save: IptablesSave) {
  return [...save.tables.values()].flatMap(rulesOf);
}

describe('real dumps', () => {
  it.each([
    ['001-calico-kubeproxy-docker-v183.txt', ['filter', 'nat'], 44, 27, '1.8.3', undefined],
    ['002-rhel6-v147.txt', ['filter', 'mangle', 'nat'], 8, 12, '1.4.7', 'legacy'],
    ['003-ip6-rhel7-v1421.txt', ['nat', 'mangle', 'security', 'raw', 'filter'], 14, 23, '1.4.21', 'legacy'],
    ['004-batfish-host1.txt', ['mangle', 'filter', 'nat'], 2, 11, '1.4.7', 'legacy'],
    ['005-photon-default-v4.txt', ['filter'], 4, 3, undefined, undefined],
    ['006-moby-bridge-golden.txt', ['raw', 'filter', 'nat'], 18, 15, undefined, undefined],
    ['007-batfish-unit-host1.txt', ['mangle', 'filter', 'nat'], 5, 10, '1.4.7', 'legacy'],
    ['008-lab-calico-nft-save.txt', ['filter', 'nat'], 44, 27, '1.8.9', 'nft'],
    ['009-k8s-userspace-v1421.txt', ['nat', 'filter'], 24, 19, '1.4.21', 'legacy'],
  ])('%s', (file, tables, rules, chains, version, backend) => {
    const { value, problems } = parseIptablesSave(fixture(file));
    expect(problems).toEqual([]);
    expect([...value.tables.keys()]).toEqual(tables);
    expect([...value.tables.values()].every((table) => table.committed)).toBe(true);
    expect(allRules(value)).toHaveLength(rules);
    expect(chainCount(value)).toBe(chains);
    expect(value.toolVersion).toBe(version);
    expect(value.backend).toBe(backend);
  });
});

describe('never throws', () => {
  const line = fc.constantFrom(
    '*nat',
    ':A - [0:0]',
    '[1:2] -A A -j B',
    '-A A -m comment --comment "x',
    'COMMIT',
    '#',
    '[',
    ':',
  );
  it.each([
    ['arbitrary text', fc.string({ unit: 'binary' })],
    ['damaged dumps', fc.array(fc.oneof(line, fc.string())).map((lines) => lines.join('\n'))],
  ])('%s', (_, texts) => {
    fc.assert(
      fc.property(texts, (text) => {
        for (const rule of allRules(parseIptablesSave(text).value))
          expect(rule.options).toBeInstanceOf(Array);
      }),
    );
  });
});
