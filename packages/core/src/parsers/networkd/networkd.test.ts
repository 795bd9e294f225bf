import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseNetworkctl, parseNetworkdFile, parseNmcliDevice } from './index.ts';

function fixture(name: string): string {
  return readFileSync(new URL(`__fixtures__/${name}`, import.meta.url), 'utf8');
}

describe('networkd files', () => {
  it.each([
    ['001-zz-default-network.network', ['Network', 'Match', 'DHCP', 'DHCPv4']],
    ['002-20-calico-vxlan-network.network', ['Match', 'Link']],
    ['003-yy-azure-sriov-network.network', ['Match', 'Link']],
    ['004-50-veth-link.link', ['Match', 'Link']],
    ['005-cni-network.network', ['Match', 'Link']],
  ])('%s', (file, sections) => {
    const { value, problems } = parseNetworkdFile(fixture(file));
    expect(problems).toEqual([]);
    expect(value.map((section) => section.name)).toEqual(sections);
  });

  it('reads entries and their lines', () => {
    expect(parseNetworkdFile(fixture('002-20-calico-vxlan-network.network')).value).toEqual([
      { name: 'Match', line: 3, entries: [{ key: 'Name', value: 'vxlan.calico', line: 4 }] },
      { name: 'Link', line: 6, entries: [{ key: 'Unmanaged', value: 'yes', line: 7 }] },
    ]);
  });

  it('keeps sections and keys that come again', () => {
    const text = '[Address]\nAddress=10.0.0.1/8\n[Address]\nAddress=10.0.0.2/8\nAddress=\n';
    expect(
      parseNetworkdFile(text).value.map((section) => section.entries.map((entry) => entry.value)),
    ).toEqual([['10.0.0.1/8'], ['10.0.0.2/8', '']]);
  });

  it('joins lines that end in a backslash, also around comments', () => {
    const text = '[Match]\nName=cali* \\\n; not these\n  tunl*\n[Link]\n';
    expect(parseNetworkdFile(text).value[0]?.entries).toEqual([
      { key: 'Name', value: 'cali*    tunl*', line: 2 },
    ]);
  });

  it('reads files of NetworkManager', () => {
    const text =
      '[keyfile]\nunmanaged-devices=interface-name:cali*;interface-name:tunl*\n[main]\nplugins+=ifcfg-rh\n';
    expect(parseNetworkdFile(text)).toMatchObject({
      value: [
        { entries: [{ key: 'unmanaged-devices', value: 'interface-name:cali*;interface-name:tunl*' }] },
        { entries: [{ key: 'plugins+', value: 'ifcfg-rh' }] },
      ],
      problems: [],
    });
  });

  it('reports lines outside of sections and lines that are neither', () => {
    const { value, problems } = parseNetworkdFile('Name=a\n[Match]\nName\n[broken\n=b\n');
    expect(value).toEqual([{ name: 'Match', line: 2, entries: [] }]);
    expect(problems.map((problem) => problem.line)).toEqual([1, 3, 4, 5]);
  });
});

describe('networkctl', () => {
  it('reads the list', () => {
    const { value, problems } = parseNetworkctl(fixture('networkctl-001-photon-list.txt'));
    expect(problems).toEqual([]);
    expect(value).toHaveLength(4);
    expect(value[1]).toEqual({
      index: 2,
      name: 'eth0',
      type: 'ether',
      operational: 'routable',
      setup: 'configured',
      line: 3,
    });
    expect(value[2]).toMatchObject({ name: 'docker0', setup: 'unmanaged' });
  });

  it('finds no links in the status of the host', () => {
    expect(parseNetworkctl(fixture('networkctl-002-photon-status.txt'))).toEqual({ value: [], problems: [] });
  });

  it.each([
    '● Interfaces: 1, 2\n                     State: routable\n              Online state: online\n',
    '●      State: routable\n     Address: 10.0.0.1 on eth0\n\nJul 03 10:00:00 n1 systemd-networkd[1]: eth0: Link UP\n',
  ])('finds no links in %j', (text) => {
    expect(parseNetworkctl(text)).toEqual({ value: [], problems: [] });
  });

  it('reads the status of a link', () => {
    const text =
      '● 3: vxlan.calico\n                     Link File: /usr/lib/systemd/network/99-default.link\n                          Type: vxlan\n                         State: routable (unmanaged)\n                       Address: 10.0.0.1\n                                fe80::1\n';
    expect(parseNetworkctl(text)).toEqual({
      value: [
        {
          index: 3,
          name: 'vxlan.calico',
          type: 'vxlan',
          operational: 'routable',
          setup: 'unmanaged',
          line: 1,
        },
      ],
      problems: [],
    });
  });

  it('reports that networkd is not running', () => {
    const text =
      'WARNING: systemd-networkd is not running, output will be incomplete.\n\nIDX LINK TYPE     OPERATIONAL SETUP\n  1 lo   loopback n/a         unmanaged\n\n1 links listed.\n';
    expect(parseNetworkctl(text)).toMatchObject({
      value: [{ name: 'lo', operational: 'n/a', setup: 'unmanaged' }],
      problems: [{ line: 1 }],
    });
  });
});

describe('nmcli', () => {
  it('reads the short form', () => {
    const text =
      'eth0:connected\nvxlan.calico:connected (externally)\ncali123:unmanaged\nmac\\:00\\:01:unavailable\n';
    expect(parseNmcliDevice(text)).toEqual({
      value: new Map([
        ['eth0', { state: 'connected', line: 1 }],
        ['vxlan.calico', { state: 'connected (externally)', line: 2 }],
        ['cali123', { state: 'unmanaged', line: 3 }],
        ['mac:00:01', { state: 'unavailable', line: 4 }],
      ]),
      problems: [],
    });
  });

  it('reads the table', () => {
    const text =
      'DEVICE        TYPE      STATE                   CONNECTION\neth0          ethernet  connected               System eth0\nvxlan.calico  vxlan     connected (externally)  vxlan.calico\nlo            loopback  unmanaged               --\n';
    const { value, problems } = parseNmcliDevice(text);
    expect(problems).toEqual([]);
    expect([...value].map(([name, { state }]) => [name, state])).toEqual([
      ['eth0', 'connected'],
      ['vxlan.calico', 'connected (externally)'],
      ['lo', 'unmanaged'],
    ]);
  });

  it.each([
    'Error: NetworkManager is not running.',
    'bash: nmcli: command not found',
    'eth0',
    'eth0:',
    ':connected',
  ])('%s is a problem', (text) => {
    expect(parseNmcliDevice(text)).toMatchObject({ value: new Map(), problems: [{ line: 1, text }] });
  });
});
