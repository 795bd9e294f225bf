import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIptablesList } from './index.ts';

function fixture(name: string): string {
  return readFileSync(new URL(`__fixtures__/${name}`, import.meta.url), 'utf8');
}

const HEADING = 'target     prot opt source               destination         ';

describe('real listings', () => {
  it.each([
    ['001-kube-nat-before.txt', 18, 36],
    ['002-centos7-nat.txt', 20, 21],
    ['003-matches-verbose.txt', 5, 24],
    ['004-nat-verbose.txt', 5, 6],
  ])('%s', (file, chains, rules) => {
    const { value, problems } = parseIptablesList(fixture(file));
    expect(problems).toEqual([]);
    expect(value).toHaveLength(chains);
    expect(value.flatMap((chain) => chain.rules)).toHaveLength(rules);
  });

  it('reads columns, negation and comments', () => {
    const chains = parseIptablesList(fixture('001-kube-nat-before.txt')).value;
    expect(chains[0]).toMatchObject({ name: 'PREROUTING', policy: 'ACCEPT', line: 1 });
    expect(chains[2]?.rules[1]).toEqual({
      target: 'DOCKER',
      targetIsGoto: false,
      protocol: 'all',
      opt: '--',
      source: '0.0.0.0/0',
      destination: '!127.0.0.0/8',
      extra: 'ADDRTYPE match dst-type LOCAL',
      line: 12,
    });
    expect(chains.find((chain) => chain.name === 'KUBE-POSTROUTING')).toMatchObject({
      references: 1,
      rules: [{ comment: 'kubernetes service traffic requiring SNAT', target: 'MASQUERADE' }],
    });
  });

  it('reads counters, interfaces, gotos and rules without a target', () => {
    const input = parseIptablesList(fixture('003-matches-verbose.txt')).value[0];
    expect(input).toMatchObject({ policy: 'ACCEPT', packets: 0, bytes: 0 });
    expect(input?.rules[0]?.comment).toBe('say "hi" it\'s \\ a -j DROP trick');
    expect(input?.rules[2]).toMatchObject({
      number: 3,
      packets: 0,
      bytes: 0,
      target: 'DROP',
      protocol: '6',
      inInterface: '!lo',
      outInterface: '*',
      source: '!10.0.0.0/8',
      destination: '0.0.0.0/0',
      extra: 'tcp dpt:!80',
    });
    expect(input?.rules[9]).toMatchObject({ number: 10, target: 'KUBE-SVC', targetIsGoto: true });
    expect(input?.rules[16]?.target).toBeUndefined();
    expect(input?.rules[16]).toMatchObject({ protocol: '0', source: '0.0.0.0/0' });
    expect(input?.rules[19]).toMatchObject({ target: 'DROP', opt: '-f' });
    expect(input?.rules[22]).toMatchObject({ number: 23, protocol: '0', extra: '' });
  });

  it('reads an ip6tables rule with a blank option column', () => {
    const text = `Chain INPUT (policy DROP 12K packets, 3M bytes)\n${HEADING}\nACCEPT     all      ::/0                 fe80::/64           \n`;
    expect(parseIptablesList(text)).toMatchObject({
      value: [
        {
          policy: 'DROP',
          packets: 12_000,
          bytes: 3_000_000,
          rules: [{ target: 'ACCEPT', protocol: 'all', source: '::/0', destination: 'fe80::/64' }],
        },
      ],
      problems: [],
    });
  });
});

describe('damaged listings', () => {
  it.each([
    ['a rule before any chain', 'ACCEPT     all  --  anywhere             anywhere            ', 1],
    ['a heading that was cut', 'Chain INPUT (pol', 1],
    [
      'a missing column heading',
      'Chain INPUT (policy ACCEPT)\nACCEPT     all  --  anywhere             anywhere   ',
      2,
    ],
    ['a rule that was cut', `Chain INPUT (policy ACCEPT)\n${HEADING}\nACCEPT     all  --  anywh`, 3],
    [
      'an error message',
      'iptables v1.8.4 (nf_tables): Could not fetch rule set generation id: Permission denied',
      1,
    ],
    ['NUL bytes', '\0\0\0', 1],
  ])('%s is reported', (_, text, line) => {
    const parsed = parseIptablesList(text);
    expect(parsed.value.flatMap((chain) => chain.rules)).toEqual([]);
    expect(parsed.problems).toMatchObject([{ line }]);
  });

  it('takes empty text as no chain', () => {
    expect(parseIptablesList('')).toEqual({ value: [], problems: [] });
  });

  it('never throws', () => {
    const line = fc.constantFrom(
      'Chain A (1 references)',
      HEADING,
      'num pkts bytes target source destination',
      '1 2 3 X',
    );
    const texts = fc.array(fc.oneof(line, fc.string({ unit: 'binary' }))).map((lines) => lines.join('\n'));
    fc.assert(fc.property(texts, (text) => parseIptablesList(text) !== undefined));
  });
});
