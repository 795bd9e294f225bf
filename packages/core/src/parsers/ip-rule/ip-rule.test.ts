import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseIpRule, parseIpRuleJson } from './index.ts';

function fixture(name: string): string {
  return readFileSync(new URL(`__fixtures__/${name}`, import.meta.url), 'utf8');
}

describe('real captures', () => {
  it.each([
    ['001-spiderpool-underlay.txt', 2],
    ['002-ovn-egressip.txt', 5],
    ['003-spiderpool-multi-if.txt', 5],
    ['004-ovn-multi-vtep.txt', 3],
  ])('%s', (file, rules) => {
    const { value, problems } = parseIpRule(fixture(file));
    expect(problems).toEqual([]);
    expect(value).toHaveLength(rules);
  });

  it.each([
    ['001-spiderpool-underlay.txt', { priority: 1000, fwmark: 0x1, fwmask: 0xffffffff, table: '100' }],
    ['002-ovn-egressip.txt', { priority: 6000, from: '10.244.2.3', table: '1111' }],
    ['003-spiderpool-multi-if.txt', { priority: 32765, to: '10.7.168.173/16', table: '100' }],
    ['004-ovn-multi-vtep.txt', { priority: 6081, from: '10.0.0.1', table: '6081', protocol: 'static' }],
  ])('a rule of %s', (file, rule) => {
    expect(parseIpRule(fixture(file)).value).toContainEqual(
      expect.objectContaining({ action: 'lookup', ...rule }),
    );
  });

  it('reads every selector and action', () => {
    const rules = parseIpRule(fixture('lab-rule.txt'));
    expect(rules.problems).toEqual([]);
    const plain = { family: 4, invert: false, extra: [] };
    expect(rules.value).toEqual([
      { ...plain, line: 1, priority: 0, action: 'lookup', table: 'local' },
      { ...plain, line: 2, priority: 100, fwmark: 1, fwmask: 0xff, action: 'lookup', table: '100' },
      { ...plain, line: 3, priority: 110, fwmark: 0x2000, fwmask: 0x2000, action: 'blackhole' },
      {
        ...plain,
        line: 4,
        priority: 120,
        invert: true,
        from: '10.0.0.0/8',
        to: '10.244.0.0/16',
        action: 'lookup',
        table: '1000',
        suppressPrefixLength: 0,
      },
      {
        ...plain,
        line: 5,
        priority: 130,
        iif: 'eth0',
        oif: 'cni0',
        ipProtocol: 'tcp',
        sourcePorts: '1000-2000',
        destinationPorts: '443',
        action: 'lookup',
        table: 'main',
      },
      {
        ...plain,
        line: 6,
        priority: 140,
        from: '10.1.1.1',
        action: 'lookup',
        table: '200',
        protocol: '77',
        extra: ['tos 0x10'],
      },
      { ...plain, line: 7, priority: 150, from: '10.1.1.2', action: 'unreachable' },
      { ...plain, line: 8, priority: 160, from: '10.1.1.3', action: 'prohibit' },
      { ...plain, line: 9, priority: 170, from: '10.1.1.4', action: 'goto', goto: 200 },
      {
        ...plain,
        line: 10,
        priority: 180,
        from: '10.1.1.5',
        action: 'goto',
        goto: 9999,
        extra: ['unresolved'],
      },
      { ...plain, line: 11, priority: 190, action: 'lookup', table: '300', extra: ['uidrange 100-200'] },
      { ...plain, line: 12, priority: 200, action: 'nop' },
      { ...plain, line: 13, priority: 210, action: 'lookup', table: '300', extra: ['tun_id 55'] },
      { ...plain, line: 14, priority: 220, action: 'lookup', protocol: 'static', extra: ['l3mdev'] },
      {
        ...plain,
        line: 15,
        priority: 230,
        fwmark: 0x80000000,
        fwmask: 0xffffffff,
        action: 'lookup',
        table: '100',
        extra: ['suppress_ifgroup 5'],
      },
      {
        ...plain,
        line: 16,
        priority: 240,
        from: '10.2.0.0/16',
        action: 'lookup',
        table: '300',
        extra: ['realms 3/4'],
      },
      { ...plain, line: 17, priority: 32766, action: 'lookup', table: 'main' },
      { ...plain, line: 18, priority: 32767, action: 'lookup', table: 'default' },
    ]);
  });
});

describe('family', () => {
  it('is IPv4 unless asked otherwise or shown by an address', () => {
    const text =
      '0:\tfrom all lookup local\n1:\tfrom 2001:db8::/32 lookup main\n2:\tfrom all to 10.0.0.0/8 lookup main\n';
    expect(parseIpRule(text).value.map((rule) => rule.family)).toEqual([4, 6, 4]);
    expect(parseIpRule(text, 6).value.map((rule) => rule.family)).toEqual([6, 6, 4]);
  });
});

it('tells interfaces that do not exist', () => {
  expect(parseIpRule('5:\tfrom all iif eth9 [detached] lookup main')).toMatchObject({
    value: [{ iif: 'eth9', extra: ['iif detached'] }],
  });
});

describe('damaged input', () => {
  it.each([
    '100: from all brandnew 1 lookup main',
    '100: from all fwmark 0xzz lookup main',
    '100: from all fwmark 0x1ffffffff lookup main',
    '100: from nowhere lookup main',
    '100: from all lookup',
    '100: from all',
    'from all lookup main',
    '100: from all goto somewhere',
    '100: from 10.0.0.1 map-to 10.9.0.1',
  ])('%s is a problem, not a rule', (text) => {
    expect(parseIpRule(text)).toMatchObject({ value: [], problems: [{ line: 1 }] });
  });

  it.each([
    '{"src":"all","table":"main"}',
    '{"priority":1,"src":"all"}',
    '{"priority":1,"src":"all","table":"main","brandnew":1}',
    '{"priority":1,"src":"nowhere","table":"main"}',
    '{"priority":1,"src":"10.0.0.0","srclen":800,"table":"main","fwmark":"0xzz"}',
    '{"priority":1,"src":"all","action":"masquerade"}',
  ])('%s is a problem, not a rule', (element) => {
    expect(parseIpRuleJson(`[${element}]`)).toMatchObject({ value: [], problems: [{ pointer: '/0' }] });
  });
});
