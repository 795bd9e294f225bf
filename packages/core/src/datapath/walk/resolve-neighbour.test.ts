import { describe, expect, it } from 'vitest';
import { ask, dispositions, type Files } from '../../../test/datapath/one-node.ts';

const MAC = { n1: '02:00:00:00:00:01', n2: '02:00:00:00:00:02' };

/** `ip addr` of a node with one interface on the network of both. */
function addresses(node: 'n1' | 'n2', ...lines: readonly string[]): string {
  return [
    '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN',
    '    inet6 ::1/128 scope host',
    '2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP',
    `    link/ether ${MAC[node]} brd ff:ff:ff:ff:ff:ff`,
    ...lines.map((line) => `    inet6 ${line}`),
    '',
  ].join('\n');
}

function node(name: 'n1' | 'n2', own: string): Files {
  const files = {
    'ip-addr.txt': addresses(name, `fd00::${own}/64 scope global`, `fe80::${own}/64 scope link`),
    'ip6-route.txt':
      'fd00::/64 dev eth0 proto kernel metric 256\nfe80::/64 dev eth0 proto kernel metric 256\n',
    'ip6-rule.txt': '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n',
    'ip6-neigh.txt': '',
    'ip6tables-legacy-save.txt': '',
    'nft-ruleset.txt': '',
    'sysctl.txt': 'net.ipv6.conf.all.forwarding = 0\n',
  };
  return Object.fromEntries(Object.entries(files).map(([file, text]) => [`nodes/${name}/${file}`, text]));
}

const healthy: Files = { ...node('n1', '1'), ...node('n2', '2') };
const question = { from: 'node/n1', to: '[fd00::2]:80', sourcePort: 40000 };

/** The table `filter` as `ip6tables-save` prints it. */
function filter(...rules: readonly string[]): string {
  const policies = ['INPUT', 'FORWARD', 'OUTPUT'].map((chain) => `:${chain} ACCEPT [0:0]`);
  const dropped = rules.filter((rule) => rule.startsWith(':')).map((rule) => rule.split(' ')[0]);
  const kept = policies.filter((policy) => !dropped.includes(policy.split(' ')[0]));
  return ['*filter', ...kept, ...rules, 'COMMIT', ''].join('\n');
}

function withRules(name: 'n1' | 'n2', ...rules: readonly string[]): Files {
  return { ...healthy, [`nodes/${name}/ip6tables-legacy-save.txt`]: filter(...rules) };
}

const SOLICIT = '-p ipv6-icmp -m icmp6 --icmpv6-type 135';
const ADVERT = '-p ipv6-icmp -m icmp6 --icmpv6-type 136';

describe('rules for neighbour discovery', () => {
  it.each([
    ['n2', [`-A INPUT ${SOLICIT} -j DROP`], 'neighbor-unreachable'],
    ['n2', [`-A OUTPUT ${ADVERT} -j DROP`], 'neighbor-unreachable'],
    ['n1', [`-A OUTPUT ${SOLICIT} -j REJECT --reject-with icmp6-port-unreachable`], 'neighbor-unreachable'],
    ['n1', [`-A INPUT ${ADVERT} -j DROP`], 'neighbor-unreachable'],
    ['n1', [`-A INPUT ${SOLICIT} -j DROP`], 'delivered'],
    ['n1', [`-A OUTPUT ${ADVERT} -j DROP`], 'delivered'],
    ['n2', [':INPUT DROP [0:0]', '-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT'], 'neighbor-unreachable'],
    [
      'n2',
      [':INPUT DROP [0:0]', '-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT', '-A INPUT -p ipv6-icmp -j ACCEPT'],
      'delivered',
    ],
    ['n2', ['-A INPUT -m conntrack --ctstate INVALID -j DROP'], 'delivered'],
    ['n2', ['-A INPUT -m conntrack --ctstate UNTRACKED -j DROP'], 'neighbor-unreachable'],
    ['n2', ['-A INPUT -p ipv6-icmp -m hl ! --hl-eq 255 -j DROP'], 'delivered'],
    ['n2', [`-A INPUT -s fd00::1/128 ${SOLICIT} -j DROP`], 'neighbor-unreachable'],
    ['n2', [`-A INPUT -s fe80::1/128 ${SOLICIT} -j DROP`], 'delivered'],
  ] as const)('at %s: %s', async (name, rules, disposition) => {
    expect(dispositions(await ask(withRules(name, ...rules), question))).toEqual([disposition]);
  });

  it('the rule that drops the question is the proof', async () => {
    const rule = `-A INPUT ${SOLICIT} -j DROP`;
    const { paths, notModelled } = await ask(withRules('n2', rule), question);
    expect(notModelled).toEqual([]);
    expect(paths).toMatchObject([{ at: { node: 'n1', interface: 'eth0' } }]);
    expect(paths[0]?.steps.slice(-2)).toEqual([
      {
        node: 'n1',
        element: 'neighbour',
        action: 'solicit',
        detail: 'neighbour solicitation from fd00::1 to ff02::1:ff00:2',
        evidence: [{ file: 'nodes/n1/ip-addr.txt', line: 3 }],
      },
      {
        node: 'n2',
        element: 'iptables',
        hook: 'input',
        table: 'filter',
        chain: 'INPUT',
        action: 'drop',
        detail: rule.replace('-A INPUT ', ''),
        evidence: [{ file: 'nodes/n2/ip6tables-legacy-save.txt', line: 5 }],
      },
    ]);
  });

  it('what passes leaves no steps behind', async () => {
    const { paths } = await ask(withRules('n2', '-A INPUT -p ipv6-icmp -j ACCEPT'), question);
    expect(paths[0]?.steps.map(({ action }) => action)).toEqual(['route', 'transmit', 'local', 'delivered']);
  });

  it.each([
    ['lladdr 02:00:00:00:00:02 STALE', 'delivered'],
    ['lladdr 02:00:00:00:00:02 PERMANENT', 'delivered'],
    ['lladdr 02:00:00:00:00:99 STALE', 'neighbor-unreachable'],
    ['FAILED', 'neighbor-unreachable'],
    ['INCOMPLETE', 'neighbor-unreachable'],
  ])('with the neighbour entry %s', async (entry, disposition) => {
    const files = {
      ...withRules('n2', `-A INPUT ${SOLICIT} -j DROP`),
      'nodes/n1/ip6-neigh.txt': `fd00::2 dev eth0 ${entry}\n`,
    };
    const { paths } = await ask(files, question);
    expect(paths.map((path) => path.disposition)).toEqual([disposition]);
    if (disposition !== 'delivered') expect(paths[0]?.steps.at(-1)?.chain).toBe('INPUT');
  });

  it('whoever was asked knows the one who asked', async () => {
    const files = withRules('n1', `-A INPUT ${SOLICIT} -j DROP`);
    const known = { ...files, 'nodes/n1/ip6-neigh.txt': `fd00::2 dev eth0 lladdr ${MAC.n2} REACHABLE\n` };
    const reply = async (evidence: Files): Promise<unknown> => {
      const { paths } = await ask(evidence, question, { withReply: true });
      return paths[0]?.disposition === 'unknown' ? 'unknown' : paths[0]?.reply?.disposition;
    };
    expect(await reply(files)).toBe('delivered');
    expect(await reply(known)).toBe('neighbor-unreachable');
    const uncollected = Object.fromEntries(
      Object.entries(files).filter(([path]) => path !== 'nodes/n1/ip6-neigh.txt'),
    );
    expect(await reply(uncollected)).toBe('unknown');
  });

  it('neighbours that were not collected may be known', async () => {
    const { 'nodes/n1/ip6-neigh.txt': _, ...files } = withRules('n2', `-A INPUT ${SOLICIT} -j DROP`);
    const answer = await ask(files, question);
    expect(dispositions(answer)).toEqual(['unknown']);
    expect(answer.notModelled).toContainEqual({
      file: 'nodes/n1/ip6-neigh.txt',
      text: 'not collected: neighbours',
      couldChangeAnswer: true,
    });
  });

  it.each([
    ['-A INPUT -p ipv6-icmp -m limit --limit 5/sec -j DROP', 'match limit is not modelled'],
    ['-A INPUT -p ipv6-icmp -m statistic --mode random --probability 0.5 -j DROP', 'chance decides'],
  ])('what nobody can know is named: %s', async (rule, text) => {
    const answer = await ask(withRules('n2', rule), question);
    expect(dispositions(answer)).toEqual(['unknown']);
    expect(answer.notModelled).toMatchObject([
      { text: expect.stringContaining(text), couldChangeAnswer: true },
    ]);
  });

  it.each([
    ['fd00::/64 dev eth0', 'delivered'],
    ['unreachable default', 'neighbor-unreachable'],
    ['default via fd00::9 dev eth0', 'unknown'],
  ])('an answer that a rule marks takes the route %s', async (route, disposition) => {
    const files = {
      ...healthy,
      'nodes/n2/ip6tables-legacy-save.txt': filter(`-A OUTPUT ${ADVERT} -j MARK --set-xmark 0x1/0x1`).replace(
        '*filter',
        '*mangle',
      ),
      'nodes/n2/ip6-rule.txt': `10:\tfrom all fwmark 0x1/0x1 lookup 100\n${healthy['nodes/n2/ip6-rule.txt']}`,
      'nodes/n2/ip6-route.txt': `${healthy['nodes/n2/ip6-route.txt']}${route} table 100\n`,
    };
    expect(dispositions(await ask(files, question))).toEqual([disposition]);
  });

  it('asks from a link-local address for a packet of others, and can not without', async () => {
    const toPod = {
      ...healthy,
      'nodes/n1/ip-addr.txt': `${addresses('n1', 'fd00::1/64 scope global', 'fe80::1/64 scope link')}${[
        '3: eth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP',
        '    link/ether 02:00:00:00:00:11 brd ff:ff:ff:ff:ff:ff',
        '    inet6 fd01::1/64 scope global',
        '',
      ].join('\n')}`,
      'nodes/n1/sysctl.txt': 'net.ipv6.conf.all.forwarding = 1\n',
    };
    const forwarded = { from: 'fd01::7', in: 'n1/eth1', to: '[fd00::2]:80' };
    const rules = filter(`-A INPUT -s fe80::1/128 ${SOLICIT} -j DROP`);
    expect(dispositions(await ask(toPod, forwarded))).toEqual(['delivered']);
    expect(
      dispositions(await ask({ ...toPod, 'nodes/n2/ip6tables-legacy-save.txt': rules }, forwarded)),
    ).toEqual(['neighbor-unreachable']);
    const reversePath = '-A INPUT -m rpfilter --invert -j DROP';
    const checked: Files = { ...toPod, 'nodes/n2/ip6tables-legacy-save.txt': filter(reversePath) };
    expect(dispositions(await ask(checked, forwarded))).toEqual(['dropped']);
    const { 'nodes/n2/ip6-route.txt': _, ...unrouted } = checked;
    const open = await ask(unrouted, forwarded);
    expect(open.notModelled.some(({ text }) => text.startsWith('routes are not known'))).toBe(true);
    const without = Object.fromEntries(
      Object.entries(toPod).map(([path, text]) => [
        path,
        path === 'nodes/n1/ip-addr.txt' ? text.replace('    inet6 fe80::1/64 scope link\n', '') : text,
      ]),
    );
    const unlisted = await ask(without, forwarded);
    expect(dispositions(unlisted)).toEqual(['delivered']);
    expect(unlisted.notModelled).toMatchObject([
      { text: 'not listed: the link-local address of eth0', couldChangeAnswer: true },
    ]);
    const settings = `${without['nodes/n1/sysctl.txt']}net.ipv6.conf.eth0.addr_gen_mode = 1\n`;
    const answer = await ask({ ...without, 'nodes/n1/sysctl.txt': settings }, forwarded);
    expect(dispositions(answer)).toEqual(['neighbor-unreachable']);
    expect(answer.paths[0]?.steps.at(-1)?.detail).toBe(
      'nobody is asked for fd00::2: eth0 has no link-local address to ask from',
    );
  });

  it('a router that was not collected gets no question that a rule drops', async () => {
    const away = { from: 'node/n1', to: '[fd77::1]:80', sourcePort: 40000 };
    const routed = (files: Files): Files => ({
      ...files,
      'nodes/n1/ip6-route.txt': `${files['nodes/n1/ip6-route.txt']}default via fd00::99 dev eth0\n`,
    });
    expect(dispositions(await ask(routed(healthy), away))).toEqual(['left-network']);
    for (const rule of [`-A OUTPUT ${SOLICIT} -j DROP`, `-A INPUT ${ADVERT} -j DROP`])
      expect(dispositions(await ask(routed(withRules('n1', rule)), away))).toEqual(['neighbor-unreachable']);
  });
});
