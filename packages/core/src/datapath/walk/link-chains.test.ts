import { describe, expect, it } from 'vitest';
import { ask, dispositions, type Files } from '../../../test/datapath/one-node.ts';

const device = (index: number, name: string, mac: string, ...lines: readonly string[]): string =>
  [
    `${index}: ${name}: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue ${name.startsWith('p') ? 'master br0 ' : ''}state UP`,
    `    link/ether ${mac} brd ff:ff:ff:ff:ff:ff`,
    ...lines.map((line) => `    ${line}`),
    '',
  ].join('\n');

function pod(index: number, peer: number, address: string): Files {
  const directory = `nodes/n1/netns/default_${index === 2 ? 'a' : 'b'}`;
  return {
    [`${directory}/ip-addr.txt`]: device(
      index,
      `eth0@if${peer}`,
      `0a:00:00:00:00:0${index}`,
      'veth',
      `inet ${address}/24 scope global eth0`,
    ),
    [`${directory}/ip-route.txt`]: '10.0.0.0/24 dev eth0 scope link\n',
    [`${directory}/nft-ruleset.txt`]: '',
    // Each knows the other one.
    [`${directory}/ip-neigh.txt`]:
      index === 2
        ? '10.0.0.3 dev eth0 lladdr 0a:00:00:00:00:03 REACHABLE\n'
        : '10.0.0.2 dev eth0 lladdr 0a:00:00:00:00:02 REACHABLE\n',
  };
}

/** Two pods on a bridge, and rules of the node. */
function withRules(rules: string, bridgeOptions = 'bridge'): Files {
  return {
    'nodes/n1/ip-addr.txt': [
      device(7, 'br0', '0e:00:00:00:00:07', bridgeOptions, 'inet 10.0.0.1/24 scope global br0'),
      device(8, 'pa@if2', '0e:00:00:00:00:08', 'veth', 'bridge_slave'),
      device(9, 'pb@if3', '0e:00:00:00:00:09', 'veth', 'bridge_slave'),
    ].join(''),
    'nodes/n1/ip-route.txt': '10.0.0.0/24 dev br0 scope link\n',
    'nodes/n1/sysctl.txt': 'net.bridge.bridge-nf-call-iptables = 0\n',
    'nodes/n1/nft-ruleset.txt': `table bridge t {\n\tchain c {\n\t\ttype filter hook forward priority filter; policy accept;\n\t\t${rules}\n\t}\n}\n`,
    ...pod(2, 8, '10.0.0.2'),
    ...pod(3, 9, '10.0.0.3'),
  };
}

const question = { from: 'pod/default/a', to: 'pod/default/b:80' };

describe('rules of a bridge', () => {
  it.each([
    ['accept', 'delivered'],
    ['meta ibrname "br0" meta obrname "br0" drop', 'dropped'],
    ['meta ibrname "br1" drop', 'delivered'],
    ['ip saddr 10.0.0.2 iifname "pa" drop', 'dropped'],
    ['jump gone', 'unknown'],
    ['ether saddr != 0a:00:00:00:00:02 drop', 'unknown'],
  ])('%s: %s', async (rule, disposition) => {
    expect(dispositions(await ask(withRules(rule), question))).toEqual([disposition]);
  });

  it.each([
    ['meta ibrname "br0" drop', 'neighbor-unreachable'],
    ['ether type arp drop', 'neighbor-unreachable'],
    ['meta protocol arp accept', 'delivered'],
    ['meta protocol != arp drop', 'dropped'],
    ['arp operation request drop', 'neighbor-unreachable'],
    ['arp operation reply arp saddr ip 10.0.0.3 drop', 'neighbor-unreachable'],
    ['arp operation request arp daddr ip 10.0.0.7 drop', 'delivered'],
    ['arp htype 1 arp hlen 6 arp plen 4 arp ptype ip iifname "pb" drop', 'neighbor-unreachable'],
    ['arp saddr ether 0a:00:00:00:00:02 drop', 'unknown'],
    ['ip saddr 10.0.0.2 drop', 'dropped'],
    ['meta l4proto != tcp drop', 'delivered'],
    ['th dport != 80 drop', 'delivered'],
  ])('of pods that do not know each other yet, %s: %s', async (rule, disposition) => {
    const files = { ...withRules(rule), 'nodes/n1/netns/default_a/ip-neigh.txt': '' };
    expect(dispositions(await ask(files, question))).toEqual([disposition]);
  });

  it('that ask for connections are named', async () => {
    const answer = await ask(withRules('ct state new drop'), question);
    expect(dispositions(answer)).toEqual(['unknown']);
    expect(answer.notModelled).toMatchObject([
      { file: 'nodes/n1/nft-ruleset.txt', line: 2, text: expect.stringContaining('connections of frames') },
    ]);
  });
});

it('a bridge that filters by VLAN is named', async () => {
  const answer = await ask(withRules('accept', 'bridge vlan_filtering 1'), question);
  expect(dispositions(answer)).toEqual(['delivered']);
  expect(answer.notModelled).toMatchObject([
    {
      file: 'nodes/n1/ip-addr.txt',
      line: 1,
      text: expect.stringContaining('by VLAN'),
      couldChangeAnswer: true,
    },
  ]);
});

describe('what is not known of a bridge', () => {
  const files = withRules('accept');
  const named = async (changed: Files): Promise<readonly (readonly [string, boolean])[]> =>
    (await ask(changed, question)).notModelled.map(({ file, couldChangeAnswer }) => [
      file,
      couldChangeAnswer,
    ]);

  it('its rules were not collected', async () => {
    const { 'nodes/n1/nft-ruleset.txt': _, ...others } = files;
    expect(await named({ ...others, 'nodes/n1/iptables-legacy-save.txt': '' })).toEqual([
      ['nodes/n1/nft-ruleset.txt', true],
    ]);
    expect(await named(others)).toEqual([['nodes/n1/nft-ruleset.txt', true]]);
  });

  it('its rules are cut', async () => {
    const cut = { ...files, 'nodes/n1/nft-ruleset.txt': 'table bridge t {\n\tchain c {\n' };
    expect(dispositions(await ask(cut, question))).toEqual(['unknown']);
    expect(await named(cut)).toEqual([['nodes/n1/nft-ruleset.txt', true]]);
  });

  it('it has tables of ebtables', async () => {
    const lsmod = 'Module Size Used by\nebtable_filter 16384 1\n';
    expect(await named({ ...files, 'nodes/n1/lsmod.txt': lsmod })).toEqual([['nodes/n1/lsmod.txt', true]]);
  });
});

it('a node with tables of legacy arptables is named where it asks for a neighbour', async () => {
  const lsmod = { 'nodes/n1/lsmod.txt': 'Module Size Used by\narptable_filter 16384 1\n' };
  const toPod = { from: 'node/n1', to: 'pod/default/b:80' };
  const texts = async (files: Files): Promise<readonly string[]> =>
    (await ask(files, toPod)).notModelled.map(({ text }) => text);
  const text = 'arptable_filter is loaded, and rules of arptables are not collected';
  expect(await texts({ ...withRules('accept'), ...lsmod })).toContain(text);
  const known = { 'nodes/n1/ip-neigh.txt': '10.0.0.3 dev br0 lladdr 0a:00:00:00:00:03 STALE\n' };
  expect(await texts({ ...withRules('accept'), ...lsmod, ...known })).not.toContain(text);
});

it.each([
  ['cilium_host', 'Cilium'],
  ['bpfin.cali', 'Calico'],
])('eBPF programs are named where there is %s', async (name, owner) => {
  const files = withRules('accept');
  const links = `${files['nodes/n1/ip-addr.txt']}${device(12, name, '0e:00:00:00:00:0c')}`;
  const answer = await ask({ ...files, 'nodes/n1/ip-addr.txt': links }, question);
  expect(answer.notModelled).toMatchObject([
    {
      file: 'nodes/n1/ip-addr.txt',
      text: expect.stringContaining(`eBPF programs of ${owner}`),
      couldChangeAnswer: true,
    },
  ]);
});

it('a chain of the device under a VLAN is named', async () => {
  const files: Files = {
    'nodes/n1/ip-addr.txt':
      device(2, 'eth0', '02:00:00:00:00:01') +
      device(
        3,
        'eth0.100@eth0',
        '02:00:00:00:00:01',
        'vlan protocol 802.1Q id 100',
        'inet 192.0.2.1/24 scope global eth0.100',
      ),
    'nodes/n1/ip-route.txt': '192.0.2.0/24 dev eth0.100 scope link\n',
    'nodes/n1/ip-rule.txt': '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n',
    'nodes/n1/sysctl.txt': 'net.ipv4.conf.all.rp_filter = 0\n',
    'nodes/n1/iptables-legacy-save.txt': '',
    'nodes/n1/nft-ruleset.txt':
      'table netdev t {\n\tchain c {\n\t\ttype filter hook ingress device "eth0" priority 0; policy accept;\n\t\ttcp dport 80 drop\n\t}\n}\n',
  };
  const answer = await ask(files, { from: '192.0.2.7', to: '192.0.2.1:80' });
  expect(dispositions(answer)).toEqual(['unknown']);
  expect(answer.notModelled).toMatchObject([{ text: expect.stringContaining('lies under eth0.100') }]);
});

it.each([
  ['the device it comes in by', 'eth0', 'unknown'],
  ['another device', 'eth1', 'delivered'],
])('an XDP program at %s', async (_, at, disposition) => {
  const link = (index: number, name: string, ...lines: readonly string[]): string => {
    const text = device(index, name, `02:00:00:00:00:0${index}`, ...lines);
    return name === at ? text.replace('mtu 1500', 'mtu 1500 xdp/id:45') : text;
  };
  const files: Files = {
    'nodes/n1/ip-addr.txt':
      link(2, 'eth0', 'inet 192.0.2.1/24 scope global eth0') +
      link(3, 'eth1', 'inet 198.51.100.1/24 scope global eth1'),
    'nodes/n1/ip-route.txt': '192.0.2.0/24 dev eth0 scope link\n198.51.100.0/24 dev eth1 scope link\n',
    'nodes/n1/sysctl.txt': 'net.ipv4.conf.all.rp_filter = 0\n',
    'nodes/n1/nft-ruleset.txt': '',
  };
  const answer = await ask(files, { from: '192.0.2.7', to: '192.0.2.1:80', in: 'n1/eth0' });
  expect(dispositions(answer)).toEqual([disposition]);
  const named = answer.notModelled.filter(({ text }) => text.includes('XDP program'));
  expect(named).toHaveLength(disposition === 'unknown' ? 1 : 0);
});
