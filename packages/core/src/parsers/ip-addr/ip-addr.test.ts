import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseIpAddr, parseIpAddrJson } from './index.ts';

function fixture(name: string): string {
  return readFileSync(new URL(`__fixtures__/${name}`, import.meta.url), 'utf8');
}

describe('real captures', () => {
  it.each([
    ['001-docker-host-detail.txt', { lo: 65536, eth0: 1500, eth1: 1500, docker0: 1500 }, 5, 3, ['bridge']],
    [
      '002-edge-vlan-detail.txt',
      {
        lo: 65536,
        eth0: 1500,
        eth1: 1500,
        eth2: 1500,
        'eth1.2': 1500,
        'eth2.2': 1500,
        'eth2.3': 1500,
        'eth1.3': 1500,
        'eth2.4': 1500,
        'eth1.4': 1500,
      },
      9,
      0,
      ['vlan'],
    ],
    [
      '003-ntc-linux.txt',
      { lo: 65536, ens32: 1500, gpd0: 1400, 'br-218f5e637867': 1500, 'vrf-blue': 65575, brblue: 1500 },
      6,
      0,
      [],
    ],
    ['004-spiderpool-rdma-pod.txt', { lo: 65536, tunl0: 1480, eth0: 1480, net1: 1500, net2: 1500 }, 4, 4, []],
    ['005-kube-ipvs0.txt', { 'kube-ipvs0': 1500 }, 1, 0, []],
  ])('%s', (file, mtus, inet, inet6, kinds) => {
    const { value } = parseIpAddr(fixture(file));
    expect(Object.fromEntries(value.map((link) => [link.name, link.mtu]))).toEqual(mtus);
    const families = value.flatMap((link) => link.addresses.map((address) => address.family));
    expect(families.filter((family) => family === 4)).toHaveLength(inet);
    expect(families.filter((family) => family === 6)).toHaveLength(inet6);
    expect([...new Set(value.flatMap((link) => link.kind ?? []))]).toEqual(kinds);
  });

  it('reports the line that was put in place of more output', () => {
    const { problems } = parseIpAddr(fixture('004-spiderpool-rdma-pod.txt'));
    expect(problems).toMatchObject([{ line: 27, text: '.....' }]);
  });

  it('reads the service addresses of kube-ipvs0', () => {
    expect(parseIpAddr(fixture('005-kube-ipvs0.txt')).value).toMatchObject([
      {
        name: 'kube-ipvs0',
        mtu: 1500,
        state: 'DOWN',
        addresses: [
          {
            line: 3,
            family: 4,
            address: '10.102.128.4',
            prefixLength: 32,
            scope: 'global',
            label: 'kube-ipvs0',
          },
        ],
      },
    ]);
  });

  it('reads labels, peers, lifetimes and flags', () => {
    const links = parseIpAddr(fixture('lab-addr-plain.txt')).value;
    const addresses = Object.fromEntries(
      links.flatMap((link) => link.addresses.map((address) => [address.address, address])),
    );
    expect(addresses['192.168.50.3']).toMatchObject({
      label: 'eth0:1',
      flags: ['secondary'],
      prefixLength: 24,
    });
    expect(addresses['10.9.9.1']).toMatchObject({ peer: '10.9.9.2', prefixLength: 32, label: 'podend' });
    expect(addresses['10.9.8.1']).toMatchObject({ flags: ['dynamic'] });
    expect(addresses['192.168.50.2']).toMatchObject({ broadcast: '192.168.50.255', flags: [] });
    expect(addresses['2001:db8:50::3']).toMatchObject({
      prefixLength: 128,
      flags: ['nodad', 'noprefixroute'],
    });
    expect(
      links.every((link) => !link.addresses.some((address) => address.family === 6 && address.label)),
    ).toBe(true);
  });
});

const LINK = '2: eth0: <UP> mtu 1500 state UP\n';

it.each([
  [
    'inet 10.0.0.1/24 metric 100 brd 10.0.0.255 scope global dynamic noprefixroute eth0',
    { label: 'eth0', flags: ['dynamic', 'noprefixroute'] },
  ],
  ['inet6 fe80::1/64 scope link proto kernel_ll', { scope: 'link', protocol: 'kernel_ll', flags: [] }],
  ['inet6 fe80::1/64 scope link tentative dadfailed', { flags: ['tentative', 'dadfailed'] }],
  ['inet 10.0.0.1/24 scope global flags 80 eth0', { label: 'eth0', flags: ['flags 80'] }],
])('%s', (line, address) => {
  expect(parseIpAddr(`${LINK}    ${line}\n`)).toMatchObject({
    value: [{ addresses: [address] }],
    problems: [],
  });
});

describe('damaged input', () => {
  it.each([
    'inet 10.0.0.1 scope global eth0',
    'inet 10.0.0.1/33 scope global eth0',
    'inet fe80::1/64 scope link',
    'inet6 10.0.0.1/24 scope link',
    'inet',
  ])('%s is a problem, not an address', (line) => {
    const { value, problems } = parseIpAddr(`${LINK}    ${line}\n`);
    expect(value).toMatchObject([{ name: 'eth0', addresses: [] }]);
    expect(problems).toMatchObject([{ line: 2 }]);
  });

  it('points at addresses in JSON that cannot be read', () => {
    const text = '[{"ifname":"a","addr_info":[{},{"local":"10.0.0.1"},{"local":"10.0.0.2","prefixlen":8}]}]';
    expect(parseIpAddrJson(text)).toMatchObject({
      value: [{ addresses: [{ pointer: '/0/addr_info/2', address: '10.0.0.2' }] }],
      problems: [{ pointer: '/0/addr_info/1' }],
    });
  });
});
