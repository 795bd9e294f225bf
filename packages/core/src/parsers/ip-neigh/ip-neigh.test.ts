import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseIpNeigh, parseIpNeighJson } from './index.ts';

function fixture(name: string): string {
  return readFileSync(new URL(`__fixtures__/${name}`, import.meta.url), 'utf8');
}

describe('real captures', () => {
  it.each([
    ['001-rhel-ipv4.txt', 8, { PERMANENT: 1, NOARP: 1, REACHABLE: 1, STALE: 1, DELAY: 1, FAILED: 3 }],
    ['002-evpn-leaf.txt', 13, { REACHABLE: 4, DELAY: 1, NOARP: 4, STALE: 2, PERMANENT: 2 }],
    ['003-photon.txt', 3, { STALE: 2, DELAY: 1 }],
  ])('%s', (file, entries, states) => {
    const { value, problems } = parseIpNeigh(fixture(file));
    expect(problems).toEqual([]);
    expect(value).toHaveLength(entries);
    const counted: Record<string, number> = {};
    for (const { state } of value) counted[state] = (counted[state] ?? 0) + 1;
    expect(counted).toEqual(states);
  });

  it('keeps the order', () => {
    expect(parseIpNeigh(fixture('003-photon.txt')).value.map((entry) => entry.state)).toEqual([
      'STALE',
      'STALE',
      'DELAY',
    ]);
  });

  it('reads entries without a device or an address of the other side', () => {
    expect(parseIpNeigh(fixture('001-rhel-ipv4.txt')).value.slice(-2)).toEqual([
      {
        line: 7,
        family: 4,
        address: '172.17.0.18',
        state: 'FAILED',
        isRouter: false,
        isProxy: false,
        flags: [],
      },
      {
        line: 8,
        family: 4,
        address: '172.17.0.19',
        device: 'docker0',
        state: 'FAILED',
        isRouter: false,
        isProxy: false,
        flags: [],
      },
    ]);
  });

  it('reads routers, proxies, flags and who made an entry', () => {
    const entries = [
      ...parseIpNeigh(fixture('lab-neigh.txt')).value,
      ...parseIpNeigh(fixture('lab-neigh-proxy.txt')).value,
    ];
    const find = (address: string) => entries.find((entry) => entry.address === address);
    expect(find('2001:db8:50::20')).toMatchObject({ family: 6, isRouter: true, state: 'PERMANENT' });
    expect(find('192.168.50.77')).toMatchObject({ isProxy: true, state: 'NONE' });
    expect(find('10.244.3.0')).toMatchObject({ protocol: 'zebra', device: 'flannel.1' });
    expect(find('192.168.50.22')).toMatchObject({ flags: ['extern_learn'] });
  });

  it('passes over statistics', () => {
    const { value, problems } = parseIpNeigh(fixture('lab-neigh-stats.txt'));
    expect(problems).toEqual([]);
    expect(value.every((entry) => entry.state !== 'NONE')).toBe(true);
  });
});

describe('damaged input', () => {
  it.each([
    'nobody dev eth0 STALE',
    '10.0.0.1 dev eth0 lladdr',
    '10.0.0.1 dev eth0 brandnew 1 STALE',
    'Not enough information',
  ])('%s is a problem, not an entry', (text) => {
    expect(parseIpNeigh(text)).toMatchObject({ value: [], problems: [{ line: 1, text }] });
  });

  it('points at JSON elements without an address', () => {
    expect(parseIpNeighJson('[{"dev":"eth0"}]')).toMatchObject({ value: [], problems: [{ pointer: '/0' }] });
  });
});
