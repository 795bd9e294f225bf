import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIpsetSave } from './index.ts';

function fixture(name: string): string {
  return readFileSync(new URL(`__fixtures__/${name}`, import.meta.url), 'utf8');
}

describe('real sets', () => {
  it('001-lab-save.txt: sets and entries', () => {
    const { value, problems } = parseIpsetSave(fixture('001-lab-save.txt'));
    expect(problems).toEqual([]);
    expect([...value.keys()]).toEqual([
      'cali40masq-ipam-pools',
      'cali40all-ipam-pools',
      'cali40all-hosts-net',
      'KUBE-CLUSTER-IP',
      'KUBE-LOOP-BACK',
      'KUBE-NODE-PORT-TCP',
      'KUBE-LOAD-BALANCER-SOURCE-CIDR',
      'KUBE-6-CLUSTER-IP',
    ]);
    expect([...value.values()].reduce((sum, set) => sum + set.entries.length, 0)).toBe(11);
    const set = value.get('KUBE-CLUSTER-IP');
    expect(set).toMatchObject({ type: 'hash:ip,port', line: 9 });
    expect(Object.fromEntries(set?.options ?? [])).toEqual({
      family: 'inet',
      hashsize: '1024',
      maxelem: '65536',
      comment: true,
      bucketsize: '12',
      initval: '0x7f383f73',
    });
    expect(set?.entries[0]).toMatchObject({
      element: '172.30.0.10,udp:53',
      parts: ['172.30.0.10', 'udp:53'],
      comment: 'kube-system/kube-dns:dns',
      nomatch: false,
      line: 10,
    });
  });

  it('002-types.txt: timeouts, counters, marks and nomatch', () => {
    const { value, problems } = parseIpsetSave(fixture('002-types.txt'));
    expect(problems).toEqual([]);
    expect([...value.values()].map(({ name, type }) => [name, type])).toEqual([
      ['types-a', 'hash:ip,port'],
      ['types-n', 'hash:net'],
      ['types-b', 'bitmap:ip'],
      ['types-i', 'hash:net,iface'],
      ['types-6', 'hash:net'],
      ['types-l', 'list:set'],
    ]);
    const [first, second] = value.get('types-a')?.entries ?? [];
    expect(first?.comment).toBe('say x y');
    expect(Object.fromEntries(second?.options ?? [])).toEqual({ timeout: '599', packets: '5', bytes: '6' });
    const [net] = value.get('types-n')?.entries ?? [];
    expect(net).toMatchObject({ element: '10.0.0.0/8', nomatch: true });
    expect(net?.options.get('skbmark')).toBe('0x1/0xff');
    expect(value.get('types-b')?.options.get('range')).toBe('10.0.0.0-10.0.0.255');
  });
});

describe('damaged texts', () => {
  it.each([
    ['an entry of a missing set', 'add s 10.0.0.1\n', 1],
    ['a set that comes twice', 'create s hash:ip family inet\ncreate s hash:net family inet\n', 2],
    ['a line that was cut', 'create s hash:ip family inet\nadd s', 2],
    ['a comment that was cut', 'create s hash:ip family inet\nadd s 10.0.0.1 comment "x', 2],
    ['an option without its value', 'create s hash:ip family\n', 1],
    ['an error message', 'ipset v7.17: Kernel error received: Operation not permitted\n', 1],
    ['NUL bytes', 'create s hash:ip family inet\nadd s 10.0.0.1\0\0\n', 2],
    ['a line of excessive length', `create s hash:ip family inet\nadd s ${'1'.repeat(20_000)}\n`, 2],
  ])('%s is reported', (_, text, line) => {
    const { value, problems } = parseIpsetSave(text);
    expect(problems).toMatchObject([{ line }]);
    expect([...value.values()].flatMap((set) => set.entries)).toEqual([]);
  });

  it('takes empty text as no set', () => {
    expect(parseIpsetSave('')).toEqual({ value: new Map(), problems: [] });
  });

  it('never throws', () => {
    const line = fc.constantFrom(
      'create s hash:ip',
      'create s hash:ip family',
      'add s 1',
      'add s 1 comment "',
      'add',
    );
    const texts = fc.array(fc.oneof(line, fc.string({ unit: 'binary' }))).map((lines) => lines.join('\n'));
    fc.assert(fc.property(texts, (text) => parseIpsetSave(text) !== undefined));
  });
});
