import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseIpLink, parseIpLinkJson } from './index.ts';

function fixture(name: string): string {
  return readFileSync(new URL(`__fixtures__/${name}`, import.meta.url), 'utf8');
}

describe('real captures', () => {
  it.each([
    ['001-bond-detail.txt', { lo: 65536, enp1s0: 1500, enp2s0: 1500, bond0: 1500 }, ['bond', 'bond_slave']],
    [
      '002-stats-all.txt',
      {
        lo: 65536,
        enp0s25: 1500,
        wlp3s0: 1500,
        virbr0: 1500,
        'virbr0-nic': 1500,
        vnet0: 1500,
        ppp0: 1492,
        tun0: 1360,
      },
      [],
    ],
    [
      '003-ntc-linux.txt',
      {
        lo: 65536,
        ens32: 1500,
        gpd0: 1400,
        'br-218f5e637867': 1500,
        'vrf-blue': 65575,
        'vrf-red': 65575,
        brblue: 1500,
        brred: 1500,
      },
      [],
    ],
    ['004-busybox.txt', { lo: 65536, eth0: 1500, eth1: 1500, eth2: 1500, imq0: 16000 }, []],
    ['005-ntc-linux-2.txt', { lo: 65536, eth0: 1500, wlan0: 1500 }, []],
    [
      '006-lab-detail.txt',
      {
        lo: 65536,
        cni0: 1500,
        veth1: 1500,
        veth2: 1500,
        eth1: 1500,
        'flannel.1': 1450,
        'vxlan.calico': 1450,
      },
      ['bridge', 'bridge_slave', 'veth', 'vxlan'],
    ],
  ])('%s', (file, mtus, kinds) => {
    const { value, problems } = parseIpLink(fixture(file));
    expect(problems).toEqual([]);
    expect(Object.fromEntries(value.map((link) => [link.name, link.mtu]))).toEqual(mtus);
    const found = value.flatMap((link) =>
      [link.kind ?? [], link.slaveKind ? `${link.slaveKind}_slave` : []].flat(),
    );
    expect([...new Set(found)].toSorted()).toEqual(kinds);
  });

  it('reads the VXLAN devices of flannel and Calico', () => {
    const links = parseIpLink(fixture('006-lab-detail.txt')).value;
    expect(links.find((link) => link.name === 'flannel.1')).toEqual({
      line: 17,
      index: 6,
      name: 'flannel.1',
      flags: ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'],
      mtu: 1450,
      state: 'UNKNOWN',
      linkType: 'ether',
      mac: '62:ac:e1:d3:7e:db',
      kind: 'vxlan',
      details: {
        id: 1,
        local: '192.168.0.2',
        dev: 'eth1',
        srcport: '0-0',
        dstport: 8472,
        learning: false,
        ttl: 0,
        ageing: 300,
        udpcsum: true,
        udp6zerocsumtx: false,
        udp6zerocsumrx: false,
      },
      slaveDetails: {},
      attributes: {
        qdisc: 'noqueue',
        mode: 'DEFAULT',
        group: 'default',
        qlen: 1000,
        promiscuity: 0,
        allmulti: 0,
        minmtu: 68,
        maxmtu: 65535,
        addrgenmode: 'eui64',
        numtxqueues: 1,
        numrxqueues: 1,
        gso_max_size: 65536,
        gso_max_segs: 65535,
        tso_max_size: 524280,
        tso_max_segs: 65535,
        gro_max_size: 65536,
      },
    });
    expect(links.find((link) => link.name === 'vxlan.calico')).toMatchObject({
      mtu: 1450,
      details: { id: 4096, dstport: 4789 },
    });
  });

  it('reads peers, masters and ports of a bridge', () => {
    const links = parseIpLink(fixture('006-lab-detail.txt')).value;
    expect(links.find((link) => link.name === 'veth1')).toMatchObject({
      peer: 'if2',
      peerIndex: 2,
      peerNetns: 'pod1',
      master: 'cni0',
      kind: 'veth',
      slaveKind: 'bridge',
      slaveDetails: { state: 'forwarding', hairpin: false, learning: true, port_no: '0x1' },
    });
  });

  it('reads aliases and other names', () => {
    expect(parseIpLink(fixture('004-busybox.txt')).value.map((link) => link.alias)).toEqual([
      undefined,
      'WAN',
      'LAN',
      'WAN2',
      'Priority Queue',
    ]);
    const bond = parseIpLink(fixture('001-bond-detail.txt')).value;
    expect(bond[1]).toMatchObject({
      altNames: ['enx5254003637ea'],
      slaveDetails: { state: 'ACTIVE', perm_hwaddr: '52:54:00:36:37:ea' },
      attributes: { parentbus: 'virtio' },
    });
    expect(bond[3]?.details).toMatchObject({
      mode: 'active-backup',
      active_slave: 'enp1s0',
      lacp_active: true,
    });
  });

  it('reads the form with one line per link', () => {
    const places = new Set(['line']);
    const strip = (link: object) =>
      Object.fromEntries(Object.entries(link).filter(([name]) => !places.has(name)));
    const oneline = parseIpLink(fixture('lab-link-oneline.txt'));
    expect(oneline.problems).toEqual([]);
    expect(oneline.value.map(strip)).toEqual(parseIpLink(fixture('lab-link.txt')).value.map(strip));
    expect(oneline.value.map((link) => link.line)).toEqual(oneline.value.map((_, index) => index + 1));
  });
});

const header = (name: string) => `7: ${name}: <BROADCAST,UP> mtu 1450 qdisc noqueue state UNKNOWN`;
const hardware = '    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff promiscuity 0';

describe('VXLAN options', () => {
  it.each([
    [
      'on, printed',
      'vxlan id 1 dstport 4789 udpcsum noudp6zerocsumtx',
      { udpcsum: true, udp6zerocsumtx: false },
    ],
    ['off, printed', 'vxlan id 1 dstport 4789 noudpcsum', { udpcsum: false }],
    [
      'off, from iproute2 6.5',
      'vxlan id 1 dstport 4789 noudp_csum udp_zero_csum6_rx',
      { udpcsum: false, udp6zerocsumrx: true },
    ],
    [
      'external, from iproute2 6.5',
      'vxlan id 0 dstport 8472 metadata nolearning',
      { external: true, learning: false },
    ],
  ])('%s', (_, kind, details) => {
    const text = `${header('vx')}\n${hardware} minmtu 68\n    ${kind} addrgenmode eui64 numtxqueues 1\n`;
    expect(parseIpLink(text)).toMatchObject({ value: [{ kind: 'vxlan', details }], problems: [] });
  });

  it('takes a missing udpcsum for on where the tool is new enough to leave out only that', () => {
    const kind = '    vxlan id 1 dstport 4789 ttl auto ageing 300 numtxqueues 1';
    const since419 = parseIpLink(`${header('vx')}\n${hardware} minmtu 68\n${kind}\n`).value[0];
    const before = parseIpLink(`${header('vx')}\n${hardware}\n${kind}\n`).value[0];
    expect(since419?.details).toMatchObject({ udpcsum: true, learning: true, udp6zerocsumrx: false });
    expect(before?.details).toMatchObject({ learning: true, udp6zerocsumrx: false });
    expect(before?.details.udpcsum).toBeUndefined();
  });

  it('claims nothing for a device whose line is cut off', () => {
    const text = `${header('vx')}\n${hardware} minmtu 68\n    vxlan id 1 dstport 4789 nolear`;
    expect(parseIpLink(text).value[0]?.details).toEqual({ id: 1, dstport: 4789 });
  });

  it('claims nothing for an old external device that prints no options', () => {
    const text = `${header('vx')}\n${hardware}\n    vxlan external addrgenmode eui64 numtxqueues 1\n`;
    expect(parseIpLink(text).value[0]?.details).toEqual({ external: true });
  });
});

describe('other kinds', () => {
  it.each([
    ['vlan protocol 802.1Q id 2 <REORDER_HDR>', 'vlan', { protocol: '802.1Q', id: 2, flags: 'REORDER_HDR' }],
    [
      'ipip any remote any local 10.0.0.1 ttl inherit nopmtudisc',
      'ipip',
      { remote: 'any', local: '10.0.0.1', ttl: 'inherit', pmtudisc: false },
    ],
    [
      'ipip remote any local any dev eth0 ttl inherit pmtudisc',
      'ipip',
      { remote: 'any', local: 'any', dev: 'eth0', pmtudisc: true },
    ],
    [
      'macvlan mode bridge bcqueuelen 1000 usedbcqueuelen 1000',
      'macvlan',
      { mode: 'bridge', bcqueuelen: 1000 },
    ],
    ['ipvlan  mode l2 bridge', 'ipvlan', { mode: 'l2', bridge: true }],
    ['vrf table 10', 'vrf', { table: 10 }],
    [
      'geneve id 0 dstport 6081 external noudpcsum udp6zerocsumrx',
      'geneve',
      { dstport: 6081, external: true, udpcsum: false },
    ],
    ['wireguard', 'wireguard', {}],
    ['netkit mode l3 type primary policy forward peer policy forward', 'netkit', {}],
  ])('%s', (line, kind, details) => {
    const text = `${header('x@NONE')}\n${hardware} minmtu 0\n    ${line} numtxqueues 4\n`;
    const { value, problems } = parseIpLink(text);
    expect(problems).toEqual([]);
    expect(value[0]).toMatchObject({ peer: 'NONE', kind, details, attributes: { numtxqueues: 4 } });
  });
});

describe('damaged input', () => {
  it('keeps what comes before and after a line that is no link', () => {
    const text = `${header('a')}\n${hardware}\n8: broken: mtu 1500\n    link/ether 02:00:00:00:00:02\n${header('b')}\n`;
    const { value, problems } = parseIpLink(text);
    expect(value.map((link) => [link.name, link.mac])).toEqual([
      ['a', '02:00:00:00:00:01'],
      ['b', undefined],
    ]);
    expect(problems.map((problem) => problem.line)).toEqual([3, 4]);
  });

  it('reports lines it does not know', () => {
    const { problems } = parseIpLink(`${header('a')}\n    ???\n`);
    expect(problems).toEqual([{ line: 2, reason: 'unknown line about a link', text: '    ???' }]);
  });

  it('survives names that objects have by nature', () => {
    const text = `${header('a')}\n${hardware}\n    constructor __proto__ 1\n${header('b')}\n${hardware}\n    bond __proto__ 1 toString 2\n`;
    expect(parseIpLink(text).value.map((link) => link.kind)).toEqual(['constructor', 'bond']);
    const json =
      '[{"ifname":"a","linkinfo":{"info_data":{"__proto__":1,"toString":{"low":{"toString":0},"high":1}}}}]';
    expect(parseIpLinkJson(json).value.map((link) => link.name)).toEqual(['a']);
  });

  it('reports JSON elements that are no links', () => {
    const { value, problems } = parseIpLinkJson(
      '[{}, {"ifindex": 1}, 7, {"ifname": "lo", "flags": null, "linkinfo": []}]',
    );
    expect(value).toEqual([
      { pointer: '/3', name: 'lo', flags: [], details: {}, slaveDetails: {}, attributes: {} },
    ]);
    expect(problems.map((problem) => problem.pointer)).toEqual(['/2', '/1']);
  });
});

describe('XDP programs', () => {
  const short = fixture('xdp.txt')
    .split('\n')
    .slice(0, 1)
    .join('\n')
    .replace('xdpgeneric', 'xdpgeneric/id:97');

  it.each([
    ['with details', parseIpLink(fixture('xdp.txt'))],
    ['in the header alone, as `ip addr` has them', parseIpLink(`${short}\n`)],
    ['as JSON', parseIpLinkJson(fixture('xdp.json'))],
  ])('%s', (_, { value, problems }) => {
    expect(problems).toEqual([]);
    expect(value).toMatchObject([{ name: 'ndx0', mtu: 1500, attributes: { xdp: true, qdisc: 'noop' } }]);
  });

  it('are not taken for granted', () => {
    const { value } = parseIpLink(fixture('xdp.txt').replace(/xdpgeneric |^.*prog\/xdp.*\n/gm, ''));
    expect(value[0]?.attributes.xdp).toBeUndefined();
  });
});
