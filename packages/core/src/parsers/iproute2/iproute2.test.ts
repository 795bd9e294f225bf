import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseBridgeFdb, parseBridgeFdbJson } from '../bridge-fdb/index.ts';
import { parseIpAddr, parseIpAddrJson } from '../ip-addr/index.ts';
import { parseIpLink, parseIpLinkJson } from '../ip-link/index.ts';
import { parseIpNeigh, parseIpNeighJson } from '../ip-neigh/index.ts';
import { parseIpRoute, parseIpRouteJson } from '../ip-route/index.ts';
import { parseIpRule, parseIpRuleJson } from '../ip-rule/index.ts';
import type { Parsed } from '../parsed.ts';
import { familyOf, isMac, toCidr, toMark } from './address.ts';

type Parser = (text: string) => Parsed<readonly object[]>;

/** Places differ by nature; a namespace has a name only in text, and only a number in JSON. */
const OF_ONE_FORM = new Set(['line', 'pointer', 'peerNetns', 'peerNetnsId']);

function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, field]) =>
      OF_ONE_FORM.has(name) ? [] : [[name, comparable(field)]],
    ),
  );
}

describe('the text and the JSON form of the same state give the same records', () => {
  it.each<[string, Parser, Parser, number]>([
    ['ip-link/__fixtures__/lab-link', parseIpLink, parseIpLinkJson, 11],
    ['ip-link/__fixtures__/lab-link-stats', parseIpLink, parseIpLinkJson, 11],
    ['ip-addr/__fixtures__/lab-addr', parseIpAddr, parseIpAddrJson, 11],
    ['ip-addr/__fixtures__/lab-addr-plain', parseIpAddr, parseIpAddrJson, 11],
    ['ip-route/__fixtures__/lab-route-all', parseIpRoute, parseIpRouteJson, 73],
    ['ip-route/__fixtures__/lab-route-details', parseIpRoute, parseIpRouteJson, 73],
    [
      'ip-route/__fixtures__/lab-ip6-route-main',
      (text) => parseIpRoute(text, 6),
      (text) => parseIpRouteJson(text, 6),
      17,
    ],
    ['ip-rule/__fixtures__/lab-rule', parseIpRule, parseIpRuleJson, 18],
    ['ip-rule/__fixtures__/lab-rule-details', parseIpRule, parseIpRuleJson, 18],
    [
      'ip-rule/__fixtures__/lab-ip6-rule',
      (text) => parseIpRule(text, 6),
      (text) => parseIpRuleJson(text, 6),
      4,
    ],
    ['ip-neigh/__fixtures__/lab-neigh', parseIpNeigh, parseIpNeighJson, 42],
    ['ip-neigh/__fixtures__/lab-neigh-proxy', parseIpNeigh, parseIpNeighJson, 2],
    ['ip-neigh/__fixtures__/lab-neigh-stats', parseIpNeigh, parseIpNeighJson, 12],
    ['bridge-fdb/__fixtures__/lab-fdb', parseBridgeFdb, parseBridgeFdbJson, 33],
    ['bridge-fdb/__fixtures__/lab-fdb-stats', parseBridgeFdb, parseBridgeFdbJson, 33],
  ])('%s', (name, parseText, parseJson, count) => {
    const read = (form: string) => readFileSync(new URL(`../${name}.${form}`, import.meta.url), 'utf8');
    const text = parseText(read('txt'));
    const json = parseJson(read('json'));
    expect([...text.problems, ...json.problems]).toEqual([]);
    expect(text.value).toHaveLength(count);
    expect(comparable(json.value)).toEqual(comparable(text.value));
    expect(text.value.every((record) => 'line' in record && !('pointer' in record))).toBe(true);
    expect(json.value.map((record) => ('pointer' in record ? record.pointer : undefined))).toEqual(
      json.value.map((_, index) => `/${index}`),
    );
  });
});

describe('addresses', () => {
  it.each([
    ['10.0.0.1', 4],
    ['10.0.0.0/8', 4],
    ['::', 6],
    ['::ffff:10.0.0.1', 6],
    ['2001:db8::/32', 6],
    ['02:00:00:00:00:01', undefined],
    ['fe80::1%eth0', undefined],
    ['1:2:3:4:5:6:7:8', 6],
    ['1:2:3:4:5:6:10.0.0.1', 6],
    ['1:2:3:4:5:6:7', undefined],
    ['1::2::3', undefined],
    ['1:2:3:4:5:6:7::8', undefined],
    ['10.0.0.1::', undefined],
    [':', undefined],
    ['10.0.0.256', undefined],
    ['10.0.0.0/33', undefined],
    ['::/129', undefined],
    ['::/1/2', undefined],
    ['eth0', undefined],
    ['default', undefined],
    ['', undefined],
  ])('%s has family %s', (text, family) => {
    expect(familyOf(text)).toBe(family);
  });

  it('writes out the length of prefixes', () => {
    expect([toCidr('default', 4), toCidr('default', 6), toCidr('10.0.0.1', 4), toCidr('::1', 6)]).toEqual([
      '0.0.0.0/0',
      '::/0',
      '10.0.0.1/32',
      '::1/128',
    ]);
  });

  it('knows hardware addresses of Ethernet and InfiniBand', () => {
    expect([isMac('02:00:00:00:00:01'), isMac('0.0.0.0'), isMac(Array(20).fill('0a').join(':'))]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it.each([
    ['0x1', 1],
    ['4294967295', 0xffffffff],
    ['0xffffffff', 0xffffffff],
    ['4294967296', undefined],
    ['0x', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('mark %s is %s', (text, mark) => {
    expect(toMark(text)).toBe(mark);
  });
});
