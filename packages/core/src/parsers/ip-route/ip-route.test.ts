import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseIpRoute, parseIpRouteJson } from './index.ts';

function fixture(name: string): string {
  return readFileSync(new URL(`__fixtures__/${name}`, import.meta.url), 'utf8');
}

/** Lines of a capture that belong to the route above them. */
function continuations(text: string): number {
  return text.split('\n').filter((line) => /^\s+\S/.test(line)).length;
}

describe('real captures', () => {
  it.each([
    ['001-rhel-table-all-2.txt', 54, ['local', 'unspec']],
    ['002-centos7.txt', 4, []],
    ['003-ntc-linux.txt', 12, []],
    ['004-docker-host-all.txt', 26, ['local', 'unspec']],
    ['005-evpn-leaf-vrf.txt', 85, ['evpn-vrf', 'local', 'mgmt']],
    ['006-spiderpool-underlay-main.txt', 5, []],
    ['007-vpc-cni-host.txt', 5, []],
  ])('%s', (file, lines, tables) => {
    const text = fixture(file);
    const { value, problems } = parseIpRoute(text);
    expect(problems).toEqual([]);
    expect(value.length + continuations(text)).toBe(lines);
    const named = new Set(
      value.map((route) => route.table).filter((table) => table !== 'main' && !/^\d+$/.test(table)),
    );
    expect([...named].toSorted()).toEqual(tables);
  });

  it.each([
    ['006-spiderpool-underlay-main.txt', 5, '172.100.0.1', 'eth0'],
    ['007-vpc-cni-host.txt', 5, '10.0.96.1', 'eth0'],
  ])('default route of %s', (file, count, gateway, device) => {
    const { value } = parseIpRoute(fixture(file));
    expect(value).toHaveLength(count);
    expect(value.filter((route) => route.isDefault)).toMatchObject([
      { family: 4, destination: '0.0.0.0/0', gateway, gatewayFamily: 4, device, table: 'main' },
    ]);
  });

  it('reads every attribute of a route', () => {
    expect(parseIpRoute(fixture('002-centos7.txt')).value).toEqual([
      {
        line: 1,
        family: 4,
        type: 'unicast',
        destination: '0.0.0.0/0',
        isDefault: true,
        gateway: '10.0.2.2',
        gatewayFamily: 4,
        device: 'enp0s3',
        protocol: 'dhcp',
        metric: 100,
        table: 'main',
        flags: [],
        nextHops: [],
      },
      {
        line: 2,
        family: 4,
        type: 'unicast',
        destination: '10.0.2.0/24',
        isDefault: false,
        device: 'enp0s3',
        protocol: 'kernel',
        scope: 'link',
        source: '10.0.2.15',
        metric: 100,
        table: 'main',
        flags: [],
        nextHops: [],
      },
      expect.objectContaining({ destination: '169.254.0.0/16', scope: 'link', metric: 1000 }),
      expect.objectContaining({ destination: '172.17.0.0/16', device: 'docker0', flags: ['linkdown'] }),
    ]);
  });

  it('finds the family of default routes, also where no address shows it', () => {
    const routes = parseIpRoute(fixture('001-rhel-table-all-2.txt')).value;
    expect(
      routes.filter((route) => route.isDefault).map(({ line, family, type }) => ({ line, family, type })),
    ).toEqual([
      { line: 1, family: 4, type: 'unicast' },
      { line: 45, family: 6, type: 'unicast' },
      { line: 46, family: 6, type: 'unreachable' },
      { line: 54, family: 6, type: 'unreachable' },
    ]);
    const leaf = parseIpRoute(fixture('005-evpn-leaf-vrf.txt')).value.filter((route) => route.isDefault);
    expect(leaf.map((route) => [route.family, route.type, route.table])).toEqual([
      [4, 'unicast', 'mgmt'],
      [4, 'unreachable', 'mgmt'],
      [4, 'unreachable', 'evpn-vrf'],
      [6, 'unreachable', 'mgmt'],
      [6, 'unreachable', 'evpn-vrf'],
    ]);
  });

  it('marks entries of the old route cache', () => {
    const routes = parseIpRoute(fixture('001-rhel-table-all-2.txt')).value;
    const cached = routes.find((route) => route.destination === '2404:6800:4006:802::200e/128');
    expect(cached).toMatchObject({ flags: ['cache'], mtu: 1492, metric: 0 });
  });

  it('reads the ways of multipath routes', () => {
    const routes = parseIpRoute(fixture('005-evpn-leaf-vrf.txt')).value;
    const multipath = routes.find((route) => route.destination === '172.16.2.0/24');
    expect(multipath).toMatchObject({
      table: 'evpn-vrf',
      nextHops: [
        { gateway: '10.0.0.102', device: 'vlan4001', weight: 1, flags: ['onlink'] },
        { gateway: '10.0.0.101', device: 'vlan4001', weight: 1, flags: ['onlink'] },
      ],
    });
    expect(multipath?.gateway).toBeUndefined();
  });

  it('reads blackholes, tunnels, nexthop objects and gateways of the other family', () => {
    const routes = parseIpRoute(fixture('lab-route-all.txt')).value;
    const find = (destination: string) => routes.find((route) => route.destination === destination);
    expect(find('10.244.1.64/26')).toMatchObject({ type: 'blackhole', protocol: 'bird' });
    expect(find('10.8.0.0/16')).toMatchObject({ type: 'throw', table: '100' });
    expect(find('10.244.3.0/24')).toMatchObject({ protocol: '80', source: '10.244.1.0', flags: ['onlink'] });
    expect(find('10.24.0.0/16')).toMatchObject({ encap: 'ip', gateway: '10.244.2.0', device: 'flannel.1' });
    expect(find('10.24.0.0/16')?.source).toBeUndefined();
    expect(find('2001:db8:77::/64')).toMatchObject({ encap: 'seg6', device: 'eth0', metric: 1024 });
    expect(find('10.22.0.0/16')).toMatchObject({ family: 4, gateway: '2001:db8:50::1', gatewayFamily: 6 });
    expect(find('10.29.0.0/16')).toMatchObject({ nextHopId: 13, nextHops: [{ weight: 2 }, { weight: 1 }] });
    expect(find('10.21.0.0/16')).toMatchObject({ mtu: 1400 });
    expect(find('10.26.0.0/16')).toMatchObject({ tos: '0x10' });
    expect(find('10.5.5.5/32')).toMatchObject({ isDefault: false });
    expect(find('2001:db8:75::1/128')).toMatchObject({ from: '2001:db8:76::/64' });
  });

  it('is not misled by the destination that tunnels print twice in JSON', () => {
    const { value } = parseIpRouteJson(fixture('lab-route-all.json'));
    expect(value.filter((route) => route.encap === 'ip')).toMatchObject([{ destination: '10.24.0.0/16' }]);
    expect(value.some((route) => route.destination.startsWith('192.168.50.9'))).toBe(false);
  });
});

describe('family', () => {
  it.each([
    ['default via 10.0.0.1 dev eth0', undefined, 4],
    ['default via fe80::1 dev eth0', undefined, 6],
    ['default via inet6 fe80::1 dev eth0', undefined, 4],
    ['default dev tun0 scope link', 6, 4],
    ['default dev wg0 metric 1024 pref medium', undefined, 6],
    ['default dev wg0 metric 1024', 6, 6],
    ['default dev wg0 metric 1024', undefined, 4],
    ['unreachable default dev lo metric 4294967295 error -101', undefined, 6],
    ['default nhid 21 \n\tnexthop via fe80::1 dev eth0 weight 1', undefined, 6],
    ['default dev wg0 src 10.0.0.7', 6, 4],
  ] as const)('%s (asked for %s)', (text, asked, family) => {
    const destination = family === 4 ? '0.0.0.0/0' : '::/0';
    expect(parseIpRoute(text, asked)).toMatchObject({
      value: [{ family, destination, isDefault: true }],
      problems: [],
    });
  });

  it('is that of the route before where nothing else shows it, as IPv4 is listed first', () => {
    const routes = parseIpRoute('fe80::/64 dev eth0 metric 256\ndefault dev wg0 metric 1024\n').value;
    expect(routes.map((route) => route.family)).toEqual([6, 6]);
  });
});

describe('damaged input', () => {
  it('keeps a route with a word it does not know, and says so', () => {
    expect(parseIpRoute('10.0.0.0/8 via 10.1.0.1 dev eth0 brandnew 7\n')).toMatchObject({
      value: [{ destination: '10.0.0.0/8', gateway: '10.1.0.1', device: 'eth0' }],
      problems: [{ line: 1, reason: 'unknown word "brandnew"' }],
    });
  });

  it.each([
    ['Error: ipv4: FIB table does not exist.', 'error message instead of output'],
    ['ip: command not found', 'error message instead of output'],
    ['Dump terminated', 'expected a route, as in "10.0.0.0/8 via 10.1.0.1"'],
    ['\tnexthop via 10.0.0.1 dev eth0', 'belongs to no route'],
    ['nowhere dev eth0', 'expected a route, as in "10.0.0.0/8 via 10.1.0.1"'],
    ['blackhole', 'expected a route, as in "10.0.0.0/8 via 10.1.0.1"'],
  ])('%s', (text, reason) => {
    expect(parseIpRoute(text)).toEqual({ value: [], problems: [{ line: 1, reason, text }] });
  });

  it('does not give the ways of a broken route to the one before', () => {
    const text = '10.0.0.0/8 dev eth0\n?.0.0.0/8 proto bgp\n\tnexthop via 10.0.0.1 dev eth0 weight 1\n';
    const { value, problems } = parseIpRoute(text);
    expect(value).toMatchObject([{ destination: '10.0.0.0/8', nextHops: [] }]);
    expect(problems.map((problem) => problem.line)).toEqual([2, 3]);
  });

  it('reports JSON elements without a destination', () => {
    const { value, problems } = parseIpRouteJson(
      '[{"gateway":"10.0.0.1"},{"dst":"somewhere"},{"dst":"10.0.0.0/8"}]',
    );
    expect(value).toMatchObject([{ pointer: '/2', destination: '10.0.0.0/8' }]);
    expect(problems.map((problem) => problem.pointer)).toEqual(['/0', '/1']);
  });

  it('gives no destination to a tunnel whose own one cannot be told', () => {
    const { value, problems } = parseIpRouteJson('[1,{"dst":"10.0.0.0/8","encap":"ip","dst":"192.0.2.1"}]');
    expect(value).toEqual([]);
    expect(problems.map((problem) => problem.pointer)).toEqual(['/0', '/1']);
  });
});
