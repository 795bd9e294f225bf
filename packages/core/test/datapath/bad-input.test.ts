import { describe, expect, it } from 'vitest';
import { traceFlow } from '../../src/datapath/trace.ts';
import { networkOf } from './network-of.ts';
import { ADDRESSES, ask, dispositions, type Files, NODE } from './one-node.ts';

const question = { from: '192.0.2.7', to: '192.0.2.1:80' };

/** The node with rules: those given, and none of the other kinds. */
function withRules(files: { readonly iptables?: string; readonly nft?: string }): Files {
  return {
    ...NODE,
    'nodes/n1/iptables-legacy-save.txt': files.iptables ?? '',
    'nodes/n1/nft-ruleset.txt': files.nft ?? '',
  };
}

const filter = (...lines: readonly string[]): string =>
  ['*filter', ':INPUT ACCEPT', ':FORWARD ACCEPT', ':OUTPUT ACCEPT', ...lines, 'COMMIT', ''].join('\n');

const nftInput = (...lines: readonly string[]): string => `table inet t {\n${lines.join('\n')}\n}\n`;
const base = (...rules: readonly string[]): string =>
  `chain in {\n type filter hook input priority filter; policy accept;\n ${rules.join('\n ')}\n}`;

describe('rules that no kernel takes leave the answer open, and are named', () => {
  it.each<[string, Files, string]>([
    [
      'iptables: a circle of jumps',
      withRules({ iptables: filter(':a -', ':b -', '-A INPUT -j a', '-A a -j b', '-A b -j a') }),
      'chains jump in a circle',
    ],
    [
      'iptables: a circle of gotos',
      withRules({ iptables: filter(':a -', ':b -', '-A INPUT -g a', '-A a -g b', '-A b -g a') }),
      'chains jump in a circle',
    ],
    [
      'iptables: a chain that jumps to itself',
      withRules({ iptables: filter(':a -', '-A INPUT -j a', '-A a -j a') }),
      'chains jump in a circle',
    ],
    [
      'nftables: a circle of jumps',
      withRules({ nft: nftInput(base('jump a'), 'chain a {\n jump b\n}', 'chain b {\n jump a\n}') }),
      'chains jump in a circle',
    ],
    [
      'nftables: a circle of gotos by a map',
      withRules({
        nft: nftInput(
          base('goto a'),
          'chain a {\n tcp dport vmap { 80 : goto b }\n}',
          'chain b {\n goto a\n}',
        ),
      }),
      'chains jump in a circle',
    ],
    [
      'nftables: a jump to a chain that is not there',
      withRules({ nft: nftInput(base('jump gone')) }),
      'gone, which the dump does not show',
    ],
    [
      'nftables: a map that leads to a chain that is not there',
      withRules({ nft: nftInput(base('tcp dport vmap { 80 : jump gone }')) }),
      'gone, which the dump does not show',
    ],
    ['nftables: a set that is not there', withRules({ nft: nftInput(base('ip saddr @gone drop')) }), '@gone'],
    [
      'nftables: an expression that is not known',
      withRules({ nft: nftInput(base('crystal ball sees drop')) }),
      'crystal',
    ],
    [
      'nftables: a match on bytes of the packet',
      withRules({ nft: nftInput(base('@th,16,16 80 drop')) }),
      '@th,16,16',
    ],
    [
      'iptables: TPROXY',
      withRules({
        iptables:
          '*mangle\n:PREROUTING ACCEPT\n-A PREROUTING -p tcp -j TPROXY --on-port 15001 --tproxy-mark 0x1/0x1\nCOMMIT\n',
      }),
      'target TPROXY is not modelled',
    ],
    [
      'iptables: whether there is a socket',
      withRules({ iptables: filter('-A INPUT -p tcp -m socket --transparent -j DROP') }),
      'match socket is not modelled',
    ],
    [
      'iptables: a zone of connections',
      withRules({ iptables: '*raw\n:PREROUTING ACCEPT\n-A PREROUTING -i eth0 -j CT --zone 5\nCOMMIT\n' }),
      'target CT is not modelled',
    ],
    ['nftables: tproxy', withRules({ nft: nftInput(base('meta l4proto tcp tproxy to :15001')) }), 'tproxy'],
    [
      'iptables: a port that is too big',
      withRules({ iptables: filter('-A INPUT -p tcp -m tcp --dport 99999999999 -j DROP') }),
      'not modelled',
    ],
    [
      'iptables: a chance that is no number',
      withRules({ iptables: filter('-A INPUT -m statistic --mode random --probability NaN -j DROP') }),
      'not modelled',
    ],
    [
      'iptables: an address that is none',
      withRules({ iptables: filter('-A INPUT -s 300.1.2.3/99 -j DROP') }),
      'not modelled',
    ],
    [
      'iptables: a mark that is too big',
      withRules({ iptables: filter('-A INPUT -m mark --mark 0x123456789ab -j DROP') }),
      'not modelled',
    ],
  ])('%s', async (_, files, text) => {
    const answer = await ask(files, question);
    expect(dispositions(answer)).toEqual(['unknown']);
    expect(answer.notModelled).toContainEqual(
      expect.objectContaining({ text: expect.stringContaining(text), couldChangeAnswer: true }),
    );
  });

  it('a random number out of very many adds up to 1', async () => {
    const files = withRules({ nft: nftInput(base('numgen random mod 4294967295 < 1073741824 drop')) });
    const answer = await ask(files, question);
    expect(
      answer.paths.map(({ disposition, probability }) => [disposition, Number(probability.toFixed(6))]),
    ).toEqual([
      ['delivered', 0.75],
      ['dropped', 0.25],
    ]);
  });

  it('a random number out of none', async () => {
    const answer = await ask(withRules({ nft: nftInput(base('numgen random mod 0 == 0 drop')) }), question);
    expect(dispositions(answer)).toEqual(['unknown']);
  });

  it('many rules that nobody understands are answered in the end', async () => {
    const lines = Array.from(
      { length: 200 },
      (_, index) => `-A INPUT -m crystalball --sees ${index} -j DROP`,
    );
    const answer = await ask(withRules({ iptables: filter(...lines) }), question);
    expect(dispositions(answer)).toEqual(['unknown']);
  });
});

describe('files that are empty or hold something else', () => {
  const names = [
    'ip-addr.txt',
    'ip-route.txt',
    'ip-rule.txt',
    'ip-neigh.txt',
    'sysctl.txt',
    'nft-ruleset.txt',
    'iptables-legacy-save.txt',
  ];
  const texts = [
    '',
    '\n\n',
    '\0\0\0',
    'command not found',
    '{}',
    '[1,2,3]',
    '\u{1F4A5}'.repeat(50),
    '-1 NaN 1e999',
  ];
  const all = withRules({ iptables: filter('-A INPUT -p tcp -m tcp --dport 80 -j DROP') });
  const questions = [
    question,
    { from: 'node/n1', to: '203.0.113.1:80' },
    { from: '192.0.2.7', in: 'eth0', to: '198.51.100.9:80' },
    { from: '192.0.2.7', in: 'eth0', to: '10.2.0.1:80' },
  ];

  it.each(names.flatMap((name) => texts.map((text) => [name, text] as const)))(
    '%s is %j',
    async (name, text) => {
      const network = await networkOf({ ...all, [`nodes/n1/${name}`]: text });
      for (const asked of questions) {
        const answer = traceFlow(network, asked);
        if ('error' in answer) continue;
        const sum = answer.paths.reduce((total, { probability }) => total + probability, 0);
        expect(sum).toBeCloseTo(1, 9);
        // An empty dump of rules says that there are none.
        if (name === 'iptables-legacy-save.txt' && text.trim() === '') continue;
        const isNamed = answer.notModelled.some(({ couldChangeAnswer }) => couldChangeAnswer);
        expect(isNamed || !dispositions(answer).includes('delivered')).toBe(true);
      }
    },
  );

  it.each(['ip-addr', 'ip-link', 'ip-route', 'ip-rule', 'ip-neigh', 'nft-ruleset'])(
    '%s.json is no list, or one of nonsense',
    async (name) => {
      for (const text of [
        '{}',
        '7',
        'null',
        '"x"',
        '[null]',
        '[[]]',
        '[{"ifname":7,"mtu":1e999,"dst":[]}]',
        '{"nftables":7}',
      ]) {
        const network = await networkOf({ ...withRules({}), [`nodes/n1/${name}.json`]: text });
        for (const asked of questions) {
          const answer = traceFlow(network, asked);
          const isNamed =
            'error' in answer || answer.notModelled.some(({ couldChangeAnswer }) => couldChangeAnswer);
          expect(isNamed || !dispositions(answer).includes('delivered')).toBe(true);
        }
      }
    },
  );
});

describe('routes', () => {
  const rule = (text: string): Files => ({
    ...withRules({}),
    'nodes/n1/ip-rule.txt': `0:\tfrom all lookup local\n100:\t${text}\n32766:\tfrom all lookup main\n`,
  });
  const toPeer = { from: 'node/n1', to: '192.0.2.9:80' };

  it('by a device that is not there', async () => {
    const files = { ...withRules({}), 'nodes/n1/ip-route.txt': '192.0.2.0/24 dev gone0 scope link\n' };
    const answer = await ask(files, { from: '192.0.2.1', to: '192.0.2.9:80' });
    expect(dispositions(answer)).toEqual(['unknown']);
    expect(answer.paths[0]?.steps.at(-1)?.detail).toBe('there is no interface gone0');
  });

  it('a table that is not in a dump of all tables is empty', async () => {
    const files = {
      ...rule('from all lookup 77'),
      'nodes/n1/ip-route.txt': `${NODE['nodes/n1/ip-route.txt']}local 192.0.2.1 dev eth0 table local scope host\n`,
    };
    const answer = await ask(files, toPeer);
    expect(dispositions(answer)).toEqual(['left-network']);
    expect(answer.notModelled).toEqual([]);
  });

  it('a table that is not in a dump of one table is named', async () => {
    const answer = await ask(rule('from all lookup 77'), toPeer);
    expect(answer.notModelled).toEqual([
      {
        file: 'nodes/n1/ip-route.txt',
        text: 'not collected: routes of table 77',
        couldChangeAnswer: true,
      },
    ]);
  });

  it('ways of no weight', async () => {
    const files = {
      ...withRules({}),
      'nodes/n1/ip-route.json': JSON.stringify([
        {
          dst: 'default',
          nexthops: [
            { gateway: '192.0.2.8', dev: 'eth2', weight: 0, flags: [] },
            { gateway: '192.0.2.9', dev: 'eth2', weight: 0, flags: [] },
          ],
        },
      ]),
    };
    const answer = await ask(files, { from: '192.0.2.1', to: '203.0.113.1:80' });
    expect(answer.paths.map(({ probability }) => probability)).toEqual([1]);
    expect(dispositions(answer)).toEqual(['left-network']);
  });
});

describe('neighbours', () => {
  it.each([
    ['192.0.2.9 dev eth0 FAILED', 'neighbor-unreachable'],
    ['192.0.2.9 dev eth0 INCOMPLETE', 'neighbor-unreachable'],
    ['192.0.2.9 dev eth0 lladdr 02:00:00:00:00:99 STALE', 'left-network'],
    ['192.0.2.9 dev eth1 FAILED', 'left-network'],
  ])('%s', async (line, disposition) => {
    const files = { ...withRules({}), 'nodes/n1/ip-neigh.txt': `${line}\n` };
    expect(dispositions(await ask(files, { from: 'node/n1', to: '192.0.2.9:80' }))).toEqual([disposition]);
  });
});

describe('links', () => {
  const pod = (index: number, peer: number, address: string): string =>
    `${index}: eth0@if${peer}: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP\n    link/ether 0a:00:00:00:00:0${index} brd ff:ff:ff:ff:ff:ff\n    veth\n    inet ${address}/32 scope global eth0\n`;
  const host = (index: number, peer: number): string =>
    `${index}: cali${index}@if${peer}: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP\n    link/ether ee:ee:ee:ee:ee:ee brd ff:ff:ff:ff:ff:ff\n    veth\n`;
  const inPod = (name: string, files: Files): Files =>
    Object.fromEntries(
      Object.entries(files).map(([file, text]) => [`nodes/n1/netns/default_${name}/${file}`, text]),
    );
  const own = (index: number, peer: number): Files => ({
    'ip-addr.txt': pod(index, peer, '10.0.0.5'),
    'ip-route.txt': 'default dev eth0 scope link\n',
    'nft-ruleset.txt': '',
  });
  const routeToPod = `${NODE['nodes/n1/ip-route.txt']}10.0.0.5 dev cali9 scope link\n`;
  const files: Files = {
    ...withRules({}),
    'nodes/n1/ip-addr.txt': ADDRESSES + host(9, 2),
    'nodes/n1/ip-route.txt': routeToPod,
    ...inPod('web', own(2, 9)),
  };

  it('both ends of a link are there', async () => {
    const answer = await ask(files, { from: 'node/n1', to: '10.0.0.5:80' });
    expect(answer.paths).toMatchObject([{ disposition: 'delivered', at: { netns: 'default_web' } }]);
    expect(answer.notModelled).toEqual([]);
  });

  it.each([
    ['the end on the node', { 'nodes/n1/ip-addr.txt': ADDRESSES }],
    ['the end in the pod', inPod('web', { 'ip-addr.txt': pod(2, 77, '10.0.0.5') })],
  ])('a link without %s does not lead to where it can not', async (_, changed) => {
    const answer = await ask({ ...files, ...changed }, { from: 'node/n1', to: '10.0.0.5:80' });
    expect(dispositions(answer)).not.toContain('delivered');
  });

  it('an address in two namespaces: the route decides', async () => {
    const twice = {
      ...files,
      'nodes/n1/ip-addr.txt': ADDRESSES + host(9, 2) + host(8, 3),
      ...inPod('twin', own(3, 8)),
    };
    const answer = await ask(twice, { from: 'node/n1', to: '10.0.0.5:80' });
    expect(answer.paths).toMatchObject([{ disposition: 'delivered', at: { netns: 'default_web' } }]);
    expect(traceFlow(await networkOf(twice), { from: '10.0.0.5', to: '192.0.2.1:80' })).toMatchObject({
      error: { code: 'ambiguous' },
    });
  });

  it('an address in two namespaces on one bridge: who answers first is not known', async () => {
    const bridge = `7: br0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP\n    link/ether 0e:00:00:00:00:07 brd ff:ff:ff:ff:ff:ff\n    bridge\n    inet 10.0.0.1/24 scope global br0\n`;
    const port = (text: string): string =>
      text.replace('qdisc', 'master br0 qdisc').replace('    veth', '    veth\n    bridge_slave');
    const twice = {
      ...files,
      'nodes/n1/ip-addr.txt': ADDRESSES + bridge + port(host(9, 2)) + port(host(8, 3)),
      'nodes/n1/ip-route.txt': `${NODE['nodes/n1/ip-route.txt']}10.0.0.0/24 dev br0 scope link\n`,
      ...inPod('twin', own(3, 8)),
    };
    const answer = await ask(twice, { from: 'node/n1', to: '10.0.0.5:80' });
    expect(dispositions(answer)).toEqual(['unknown']);
    expect(answer.notModelled).toMatchObject([
      { text: expect.stringContaining('both answer for 10.0.0.5'), couldChangeAnswer: true },
    ]);
    const known = {
      ...twice,
      'nodes/n1/ip-neigh.txt': '10.0.0.5 dev br0 lladdr 0a:00:00:00:00:03 REACHABLE\n',
    };
    expect((await ask(known, { from: 'node/n1', to: '10.0.0.5:80' })).paths).toMatchObject([
      { disposition: 'delivered', at: { netns: 'default_twin' } },
    ]);
  });

  it('two Pod objects with one address', async () => {
    const object = (name: string, node: string): object => ({
      kind: 'Pod',
      metadata: { namespace: 'default', name },
      spec: { nodeName: node },
      status: { phase: 'Running', podIP: '198.51.100.9' },
    });
    const twice = {
      ...withRules({}),
      'cluster/pods.json': JSON.stringify({ kind: 'List', items: [object('a', 'n1'), object('b', 'n1')] }),
    };
    expect(traceFlow(await networkOf(twice), { from: '198.51.100.9', to: '192.0.2.1:80' })).toMatchObject({
      error: { code: 'ambiguous', message: expect.stringContaining('default/a and default/b') },
    });
    const answer = await ask(twice, { from: 'node/n1', to: '198.51.100.9:80' });
    expect(answer.paths[0]?.steps.at(-1)?.detail).toContain('default/a or default/b');
  });
});
