import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBefore18, parseIptablesVersion } from './index.ts';

describe('parseIptablesVersion', () => {
  it.each([
    ['iptables v1.8.7 (legacy)', { version: '1.8.7', backend: 'legacy', line: 1 }],
    ['iptables v1.8.9 (nf_tables)\n', { version: '1.8.9', backend: 'nft', line: 1 }],
    ['ip6tables v1.8.10 (nf_tables)\r\n', { version: '1.8.10', backend: 'nft', line: 1 }],
    ['iptables v1.4.7\n', { version: '1.4.7', backend: 'legacy', line: 1 }],
    ['iptables v1.8.4', { version: '1.8.4', line: 1 }],
  ])('reads %j', (text, value) => {
    expect(parseIptablesVersion(text)).toEqual({ value, problems: [] });
  });

  it('reads the version after a warning and reports the warning', () => {
    const parsed = parseIptablesVersion('Defaulted container "calico-node"\niptables v1.8.4 (nf_tables)\n');
    expect(parsed.value).toEqual({ version: '1.8.4', backend: 'nft', line: 2 });
    expect(parsed.problems).toMatchObject([{ line: 1 }]);
  });

  it.each(['sh: iptables: command not found', 'v1.8.7', 'iptables v', 'iptables v1.8.7 (something)', '\0'])(
    'finds no version in %j',
    (text) => {
      const parsed = parseIptablesVersion(text);
      expect(parsed.value).toBeUndefined();
      expect(parsed.problems).toHaveLength(1);
    },
  );

  it('reports a second version', () => {
    const parsed = parseIptablesVersion('iptables v1.8.7 (legacy)\niptables v1.8.9 (nf_tables)\n');
    expect(parsed.value?.version).toBe('1.8.7');
    expect(parsed.problems).toMatchObject([{ line: 2 }]);
  });

  it('takes empty text as no version', () => {
    expect(parseIptablesVersion('')).toEqual({ value: undefined, problems: [] });
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => parseIptablesVersion(text) !== undefined));
  });
});

describe('isBefore18', () => {
  it.each([
    ['1.4.21', true],
    ['1.6', true],
    ['1.8.0', false],
    ['1.10', false],
    ['2.0', false],
    ['unknown', false],
  ])('%s: %s', (version, expected) => {
    expect(isBefore18(version)).toBe(expected);
  });
});
