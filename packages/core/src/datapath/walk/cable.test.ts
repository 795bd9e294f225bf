import { describe, expect, it } from 'vitest';
import { ask, dispositions, type Files } from '../../../test/datapath/one-node.ts';

/** `ip addr` of an interface. */
function link(
  index: number,
  name: string,
  mac: string,
  details: string,
  ...addresses: readonly string[]
): string {
  return [
    `${index}: ${name}: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP`,
    `    link/ether ${mac} brd ff:ff:ff:ff:ff:ff`,
    ...(details === '' ? [] : [`    ${details}`]),
    ...addresses.map((address) => `    inet ${address} scope global ${name.replace(/@.*/, '')}`),
    '',
  ].join('\n');
}

const SYSCTL = 'net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.rp_filter = 0\n';
const MAC = (node: number): string => `02:00:00:00:00:0${node}`;

function node(number: number, interfaces: string, routes: string, more: Files = {}): Files {
  const files: Files = {
    'ip-addr.txt': interfaces,
    'ip-route.txt': routes,
    'sysctl.txt': SYSCTL,
    'nft-ruleset.txt': '',
    ...more,
  };
  return Object.fromEntries(Object.entries(files).map(([file, text]) => [`nodes/n${number}/${file}`, text]));
}

/** Two nodes with an interface each; the first one sends to the second one whatever their networks are. */
function twoNodes(first: string, second: string, more: Files = {}): Files {
  return {
    ...node(
      1,
      link(2, 'eth0', MAC(1), '', first),
      '198.51.100.0/24 dev eth0 scope link\n203.0.113.0/24 via 198.51.100.3 dev eth0 onlink\n',
    ),
    ...node(2, link(2, 'eth0', MAC(2), '', second), 'default dev eth0 scope link\n'),
    ...more,
  };
}

const NEIGHBOURS = 'nodes/n1/ip-neigh.txt';
const question = { from: 'node/n1', to: '198.51.100.3:80' };

describe('interfaces of two nodes', () => {
  it.each([
    ['the same network', '198.51.100.1/24', '198.51.100.3/24', 'delivered'],
    ['a wider network at the sender', '198.51.100.1/16', '198.51.100.3/32', 'delivered'],
    ['a wider network at the receiver', '198.51.101.1/32', '198.51.100.3/16', 'delivered'],
    ['networks next to each other', '192.0.2.1/24', '198.51.100.3/24', 'unknown'],
    ['no networks', '198.51.100.1/32', '198.51.100.3/32', 'unknown'],
  ])('%s', async (_, first, second, disposition) => {
    const answer = await ask(twoNodes(first, second), question);
    expect(dispositions(answer)).toEqual([disposition]);
    const texts = answer.notModelled
      .filter(({ couldChangeAnswer }) => couldChangeAnswer)
      .map(({ text }) => text);
    const doubt = 'nothing shows that eth0 and eth0 of n2 hang on the same network';
    expect(texts.includes(doubt)).toBe(disposition === 'unknown');
  });

  it.each([
    [`198.51.100.3 dev eth0 lladdr ${MAC(2)} REACHABLE`, 'delivered'],
    [`198.51.100.3 dev eth0 lladdr ${MAC(2)} PERMANENT`, 'delivered'],
    [`192.0.2.77 dev eth0 lladdr ${MAC(2)} STALE`, 'delivered'],
    [`192.0.2.77 dev eth1 lladdr ${MAC(2)} STALE`, 'unknown'],
    ['198.51.100.3 dev eth0 FAILED', 'neighbor-unreachable'],
    ['198.51.100.3 dev eth0 INCOMPLETE', 'neighbor-unreachable'],
    // A router that answers for others by proxy ARP may have it.
    ['198.51.100.3 dev eth0 lladdr 02:00:00:00:00:99 REACHABLE', 'left-network'],
  ])('of other networks, with the neighbour %s', async (line, disposition) => {
    const files = { ...twoNodes('192.0.2.1/24', '198.51.100.3/24'), [NEIGHBOURS]: `${line}\n` };
    expect(dispositions(await ask(files, question))).toEqual([disposition]);
  });

  it.each(['FAILED', 'INCOMPLETE'])('of the same network, of which one did not answer: %s', async (state) => {
    const files = {
      ...twoNodes('198.51.100.1/24', '198.51.100.3/24'),
      [NEIGHBOURS]: `198.51.100.3 dev eth0 ${state}\n`,
    };
    const answer = await ask(files, question);
    expect(dispositions(answer)).toEqual(['unknown']);
    expect(answer.notModelled).toContainEqual({
      file: NEIGHBOURS,
      line: 1,
      text: `198.51.100.3 did not answer on eth0 (${state}), although eth0 of n2 should`,
      couldChangeAnswer: true,
    });
  });

  it('another address of one is enough', async () => {
    const files = twoNodes('198.51.100.1/32', '198.51.100.3/32');
    const both = Object.fromEntries(
      Object.entries(files).map(([path, text]) => [
        path,
        path.endsWith('ip-addr.txt')
          ? `${text}    inet6 fd00::${path.includes('n1') ? 1 : 2}/64 scope global eth0\n`
          : text,
      ]),
    );
    expect(dispositions(await ask(both, question))).toEqual(['delivered']);
  });

  it('addresses of the link are on every cable', async () => {
    const files = Object.fromEntries(
      Object.entries(twoNodes('198.51.100.1/32', '198.51.100.3/32')).map(([path, text]) => [
        path,
        path.endsWith('ip-addr.txt')
          ? `${text}    inet6 fe80::${path.includes('n1') ? 1 : 2}/64 scope link eth0\n`
          : text,
      ]),
    );
    expect(dispositions(await ask(files, question))).toEqual(['unknown']);
  });

  it('a router that was not collected is taken to lead from one network to the other', async () => {
    const files = {
      ...twoNodes('192.0.2.1/24', '198.51.100.3/24'),
      'nodes/n1/ip-route.txt': '192.0.2.0/24 dev eth0 scope link\ndefault via 192.0.2.254 dev eth0\n',
    };
    const answer = await ask(files, question);
    expect(dispositions(answer)).toEqual(['delivered']);
    expect(answer.notModelled.map(({ text }) => text)).toContain(
      'router 192.0.2.254 was not collected; it is taken to lead to node n2',
    );
  });
});

describe('VLANs', () => {
  const tagged = (number: number, id: number): string =>
    `${link(2, 'eth0', MAC(number), '', `192.0.2.${number}/24`)}${link(3, `eth0.${id}@eth0`, MAC(number), `vlan protocol 802.1Q id ${id} <REORDER_HDR>`, `198.51.100.${number}/24`)}`;
  const route = (id: number): string => `198.51.100.0/24 dev eth0.${id} scope link\n`;

  it.each([
    ['the same', 100, 'delivered'],
    ['another one', 200, 'unknown'],
  ])('%s', async (_, id, disposition) => {
    const files = { ...node(1, tagged(1, 100), route(100)), ...node(3, tagged(3, id), route(id)) };
    // Otherwise the interface without a VLAN would answer as well.
    files['nodes/n3/sysctl.txt'] = `${SYSCTL}net.ipv4.conf.all.arp_ignore = 1\n`;
    expect(dispositions(await ask(files, question))).toEqual([disposition]);
  });
});

describe('interfaces that share a cable', () => {
  const macvlan = (number: number, address: string): Files =>
    Object.fromEntries(
      Object.entries({
        'ip-addr.txt': link(2, 'eth0@if2', `0a:00:00:00:00:0${number}`, 'macvlan mode bridge', address),
        'ip-route.txt': 'default dev eth0 scope link\n',
        'nft-ruleset.txt': '',
      }).map(([file, text]) => [`nodes/n${number}/netns/default_p${number}/${file}`, text]),
    );
  const pods = (first: string, second: string, nodes: readonly [string, string]): Files => ({
    ...node(1, link(2, 'eth0', MAC(1), '', ...(nodes[0] === '' ? [] : [nodes[0]])), ''),
    ...node(2, link(2, 'eth0', MAC(2), '', ...(nodes[1] === '' ? [] : [nodes[1]])), ''),
    ...macvlan(1, first),
    ...macvlan(2, second),
  });

  it.each([
    ['pods of one network', pods('10.1.0.1/16', '10.1.0.2/16', ['', '']), 'delivered'],
    [
      'their nodes have one network',
      pods('10.1.0.1/32', '10.1.0.2/32', ['192.0.2.1/24', '192.0.2.2/24']),
      'delivered',
    ],
    [
      'a pod and the node of the other',
      pods('192.0.2.9/24', '10.1.0.2/32', ['', '192.0.2.2/24']),
      'delivered',
    ],
    ['nothing in common', pods('10.1.0.1/32', '10.1.0.2/32', ['192.0.2.1/24', '203.0.113.2/24']), 'unknown'],
  ])('macvlan: %s', async (_, files, disposition) => {
    expect(dispositions(await ask(files, { from: 'netns/n1/default_p1', to: '10.1.0.2:80' }))).toEqual([
      disposition,
    ]);
  });

  /** Another device of node 1 with a cable, in a namespace of its own, and one of the host's; both have private devices on them. */
  const beside = (name: string, ...links: readonly string[]): Files => ({
    [`nodes/n1/netns/default_${name}/ip-addr.txt`]: links.join(''),
    [`nodes/n1/netns/default_${name}/ip-route.txt`]: '198.51.100.0/24 dev eth0 scope link\n',
    [`nodes/n1/netns/default_${name}/nft-ruleset.txt`]: '',
  });
  const onHost = node(
    1,
    `${link(2, 'eth0', MAC(1), '')}${link(9, 'mac0@eth0', '0a:00:00:00:00:09', 'macvlan mode private', '198.51.100.3/24')}`,
    '198.51.100.0/24 dev mac0 scope link\n',
    // Otherwise the host's own interface would answer as well.
    { 'sysctl.txt': `${SYSCTL}net.ipv4.conf.all.arp_ignore = 1\n` },
  );

  it.each([
    [
      'of the same parent, one beside it and one in a pod: each for itself',
      beside('p', link(2, 'eth0@if2', '0a:00:00:00:00:01', 'macvlan mode private', '198.51.100.1/24')),
      'neighbor-unreachable',
    ],
    [
      'of parents with the same name in different namespaces',
      beside(
        'p',
        link(2, 'dev0', '0a:00:00:00:00:02', ''),
        link(3, 'eth0@dev0', '0a:00:00:00:00:01', 'macvlan mode private', '198.51.100.1/24'),
      ),
      'delivered',
    ],
    [
      'of parents with the same number in different namespaces',
      {
        'nodes/n1/ip-addr.txt': link(2, 'eth0', MAC(1), ''),
        ...beside('q', link(2, 'dev0', '0a:00:00:00:00:02', '')),
        ...beside('r', link(3, 'eth0@if2', '0a:00:00:00:00:03', 'macvlan mode private', '198.51.100.3/24')),
        ...beside(
          'p',
          link(3, 'eth0@if2', '0a:00:00:00:00:01', 'macvlan mode private', '198.51.100.1/24').replace(
            / brd \S+/,
            '$& link-netns default_q',
          ),
        ),
      },
      'delivered',
    ],
  ])('private macvlan devices %s', async (_, pod, disposition) => {
    const answer = await ask({ ...onHost, ...pod }, { from: 'netns/n1/default_p', to: '198.51.100.3:80' });
    expect(dispositions(answer)).toEqual([disposition]);
  });

  const bridged = (address: string, more: Files = {}): Files => ({
    ...node(
      1,
      `${link(2, 'eth0', MAC(1), 'bridge_slave').replace(' qdisc mq', ' qdisc mq master br0')}${link(3, 'br0', MAC(1), 'bridge', address)}`,
      '198.51.100.0/24 dev br0 scope link\n',
      more,
    ),
    ...node(2, link(2, 'eth0', MAC(2), '', '198.51.100.3/32'), ''),
  });

  it.each([
    ['by the address of the bridge', bridged('198.51.100.1/24'), 'delivered'],
    ['by nothing', bridged('192.0.2.1/32'), 'unknown'],
    [
      'by what it has learned',
      bridged('192.0.2.1/32', { 'bridge-fdb.txt': `${MAC(2)} dev eth0 master br0\n` }),
      'delivered',
    ],
    [
      'by a frame with a tag',
      bridged('192.0.2.1/32', { 'bridge-fdb.txt': `${MAC(2)} dev eth0 vlan 7 master br0\n` }),
      'unknown',
    ],
    [
      'by an entry of its own',
      bridged('192.0.2.1/32', { 'bridge-fdb.txt': `${MAC(2)} dev eth0 master br0 permanent\n` }),
      'unknown',
    ],
  ])('a bridge with a port on the cable is joined %s', async (_, files, disposition) => {
    expect(dispositions(await ask(files, question))).toEqual([disposition]);
  });

  it('pods behind a bridge of another node are not looked at', async () => {
    const pod = link(2, 'eth0@if4', '0a:00:00:00:00:02', 'veth', '198.51.100.3/24');
    const port = link(4, 'v4@if2', '0e:00:00:00:00:04', 'veth').replace(' qdisc mq', ' qdisc mq master br0');
    const files: Record<string, string> = {
      ...node(1, link(2, 'eth0', MAC(1), '', '198.51.100.1/24'), '198.51.100.0/24 dev eth0 scope link\n'),
      ...node(
        2,
        `${link(2, 'eth0', MAC(2), 'bridge_slave').replace(' qdisc mq', ' qdisc mq master br0')}${link(3, 'br0', MAC(2), 'bridge', '198.51.100.2/24')}${port}`,
        '',
      ),
      'nodes/n2/netns/default_p/ip-addr.txt': pod,
    };
    const answer = await ask(files, question);
    expect(dispositions(answer)).toEqual(['unknown']);
    expect(answer.paths[0]?.steps.at(-1)?.detail).toContain('198.51.100.3 stands behind br0 of n2');
  });
});
