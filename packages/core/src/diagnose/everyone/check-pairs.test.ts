import { expect, it } from 'vitest';
import { followPacket } from '../../datapath/follow.ts';
import { Network } from '../../datapath/model/network.ts';
import { understandQuestion } from '../../datapath/question.ts';
import { loadSnapshot } from '../../facts/snapshot/load.ts';
import type { Family } from '../../net/address.ts';
import { checkPairs } from './check-pairs.ts';
import type { Member } from './members.ts';
import { endsOf } from './outcome.ts';
import { type Carrying, type ClusterPlan, clusterFiles } from './testing/cluster-files.ts';
import { randomFrom, withFault } from './testing/random-faults.ts';

const FIRST_SEED = Number(process.env.NETVET_PAIRS_SEED ?? 1);
const CLUSTERS = Number(process.env.NETVET_PAIRS_CLUSTERS ?? 24);
const CARRYING: readonly Carrying[] = ['vxlan', 'vxlan', 'ipip', 'routed', 'bridge'];

type Files = Readonly<Record<string, string>>;

async function networkOf(files: Files): Promise<Network> {
  const encoder = new TextEncoder();
  return new Network(
    await loadSnapshot(
      Object.entries(files).map(([path, text]) => ({ path, chunks: [encoder.encode(text)] })),
    ),
  );
}

function randomCluster(seed: number): {
  readonly plan: ClusterPlan;
  readonly files: Files;
} {
  const random = randomFrom(seed);
  const upTo = (limit: number): number => Math.floor(random() * (limit + 1));
  const plan: ClusterPlan = {
    nodes: 3 + upTo(3),
    podsPerNode: upTo(3),
    services: upTo(3),
    carrying: CARRYING[upTo(4)] ?? 'vxlan',
    masquerades: random() < 0.5,
    withNamespaces: random() < 0.2,
  };
  let files = clusterFiles(plan);
  for (let faults = upTo(3); faults > 0; faults--) files = withFault(files, random);
  return { plan, files };
}

/** What asking about this pair alone gives. */
function asked(network: Network, from: Member, to: Member): string {
  const question = understandQuestion(network, { from: from.from, to: to.to });
  return 'error' in question ? question.error.code : endsOf(followPacket(network, question, true));
}

/** Every pair by class and by itself: the differences, and how many pairs there are. */
async function compare(
  files: Files,
  family: Family = 4,
): Promise<{ readonly wrong: readonly string[]; readonly pairs: number }> {
  const check = checkPairs(await networkOf(files), family);
  // A network of its own, so that nothing that was kept of one walk helps the others.
  const network = await networkOf(files);
  const wrong: string[] = [];
  let pairs = 0;
  check.eachPair((from, to, _, outcome) => {
    for (const one of from.members) {
      for (const other of to.members) {
        if (one === other) continue;
        pairs++;
        const ends = asked(network, one, other);
        if (ends !== outcome.ends) wrong.push(`${one.from} → ${other.to}: ${ends}, by class ${outcome.ends}`);
      }
    }
  });
  expect(pairs).toBe(check.members.length * (check.members.length - 1));
  return { wrong, pairs };
}

it.each(Array.from({ length: CLUSTERS }, (_, index) => FIRST_SEED + index))(
  'pairs that are alike end alike: cluster %i',
  async (seed) => {
    const { plan, files } = randomCluster(seed);
    const { wrong } = await compare(files);
    expect({ plan, wrong }).toEqual({ plan, wrong: [] });
  },
);

/** What n0002 and n0005 can have wrong alone, in a cluster where all nodes are alike: path, text, and what stands there instead. */
const DEVIATIONS: readonly (readonly [name: string, path: string, from: RegExp, to: string])[] = [
  ['a tunnel endpoint that is gone', 'n0002/bridge-fdb.txt', /^02:01:00:00:00:04 .*\n/m, ''],
  ['a tunnel endpoint of another node', 'n0002/bridge-fdb.txt', /dst 172\.16\.0\.5/, 'dst 172.16.0.3'],
  ['a peer that is not let in', 'n0002/ipset-save.txt', /^add cali40all-vxlan-net 172\.16\.0\.5\n/m, ''],
  ['no neighbour in the tunnel', 'n0002/ip-neigh.txt', /^10\.128\.1\.0 dev vxlan.*\n/m, ''],
  ['a failed neighbour', 'n0002/ip-neigh.txt', /^172\.16\.0\.5 .*$/m, '172.16.0.5 dev eth0 FAILED'],
  ['a neighbour of another address', 'n0002/ip-neigh.txt', /02:01:00:00:00:04/, '02:01:00:00:00:05'],
  ['a route that is gone', 'n0002/ip-route.txt', /^10\.128\.1\.0\/26 .*\n/m, ''],
  ['a route to another node', 'n0002/ip-route.txt', /via 10\.128\.1\.0 /, 'via 10.128.0.128 '],
  ['a route for one pod of a peer', 'n0002/ip-route.txt', /^default/m, 'unreachable 10.128.1.3\ndefault'],
  [
    'a rule about a peer',
    'n0002/iptables-legacy-save.txt',
    /^-A INPUT/m,
    '-A INPUT -s 172.16.0.5/32 -j DROP\n-A INPUT',
  ],
  [
    'a rule about a pod of a peer',
    'n0002/iptables-legacy-save.txt',
    /^-A FORWARD/m,
    '-A FORWARD -d 10.128.1.3/32 -j DROP\n-A FORWARD',
  ],
  [
    'a rule about a device',
    'n0002/iptables-legacy-save.txt',
    /^-A FORWARD/m,
    '-A FORWARD -o cali00000100001 -j DROP\n-A FORWARD',
  ],
  ['a chain of one pod', 'n0002/iptables-legacy-save.txt', /^-A cali-tw-cali00000100001 -m mark.*\n/m, ''],
  [
    'a set with a pod of a peer',
    'n0002/ipset-save.txt',
    /$/,
    'create p hash:ip family inet\nadd p 10.128.1.3\n',
  ],
  ['an interface that is down', 'n0005/ip-addr.txt', /(eth0: <BROADCAST,MULTICAST),UP,LOWER_UP/, '$1'],
  ['a tunnel that is down', 'n0005/ip-addr.txt', /(vxlan\.calico: <BROADCAST,MULTICAST),UP,LOWER_UP/, '$1'],
  ['another hardware address', 'n0005/ip-addr.txt', /02:00:00:00:00:04/, '02:00:00:00:00:44'],
  ['an address of another node', 'n0005/ip-addr.txt', /172\.16\.0\.5\/16/, '172.16.0.3/16'],
  [
    'a pod that is down',
    'n0002/ip-addr.txt',
    /(cali00000100001@if3: <BROADCAST,MULTICAST),UP,LOWER_UP/,
    '$1',
  ],
  [
    'a setting of a pod',
    'n0002/sysctl.txt',
    /cali00000100001\.forwarding = 1/,
    'cali00000100001.forwarding = 0',
  ],
  [
    'a network that holds a peer',
    'n0002/ip-addr.txt',
    /^3: /m,
    '    inet 172.16.0.4/30 scope global eth0\n3: ',
  ],
  [
    'another MTU',
    'n0005/ip-addr.txt',
    /mtu 1450 qdisc noqueue state UNKNOWN/,
    'mtu 40 qdisc noqueue state UNKNOWN',
  ],
];

it.each(DEVIATIONS)('nothing is taken over to what differs by %s', async (_, path, from, to) => {
  const plan: ClusterPlan = { nodes: 6, podsPerNode: 3, services: 2, carrying: 'vxlan' };
  // Every node drops what a set holds, so that its members count.
  const files = Object.fromEntries(
    Object.entries(clusterFiles(plan)).map(([name, text]) => [
      name,
      name.endsWith('legacy-save.txt')
        ? text.replace('-A FORWARD', '-A FORWARD -m set --match-set p dst -j DROP\n-A FORWARD')
        : name.endsWith('ipset-save.txt') && name !== `nodes/${path}`
          ? `${text}create p hash:ip family inet\n`
          : text,
    ]),
  );
  const before = files[`nodes/${path}`] ?? '';
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  const { wrong } = await compare({ ...files, [`nodes/${path}`]: after });
  expect(wrong).toEqual([]);
});

it('who answers on the network between nodes is looked at where no neighbours are known', async () => {
  const plan: ClusterPlan = { nodes: 6, podsPerNode: 2, services: 0, carrying: 'routed' };
  const files = Object.entries(clusterFiles(plan)).filter(([path]) => !path.endsWith('ip-neigh.txt'));
  const down = files.map(([path, text]) => [
    path,
    path === 'nodes/n0005/ip-addr.txt'
      ? text.replace('MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq', 'MULTICAST> mtu 1500 qdisc mq')
      : text,
  ]);
  const { wrong } = await compare(Object.fromEntries(down));
  expect(wrong).toEqual([]);
});

it.each([1, 2, 3, 4])(
  'nodes of several networks that take each other for neighbours, seed %i',
  async (seed) => {
    const random = randomFrom(seed);
    const plan: ClusterPlan = { nodes: 6, podsPerNode: 1, services: 0, carrying: 'routed' };
    const networks = Array.from({ length: plan.nodes }, () => `172.${16 + Math.floor(random() * 3)}`);
    const files = Object.entries(clusterFiles(plan)).map(([path, text]) => {
      const own = networks[Number(/n(\d+)/.exec(path)?.[1] ?? 0) - 1];
      const moved = text
        .replace(/172\.16\.0\.0\/16/g, `${own}.0.0/16`)
        .replace(/172\.16\.0\.([1-9]\d*)/g, (_, node) => `${networks[node - 1]}.0.${node}`)
        .replace(/(via \S+ dev eth0) proto bird/g, '$1 onlink');
      const length = random() < 0.7 ? 15 : 16;
      const lines = moved.replace(/^( +inet .*)\/16/gm, `$1/${length}`).split('\n');
      return [path, lines.filter((line) => !line.includes('REACHABLE') || random() < 0.5).join('\n')];
    });
    const { wrong } = await compare(Object.fromEntries(files));
    expect(wrong).toEqual([]);
  },
);

it('a large cluster that is alike everywhere takes few walks', async () => {
  const plan: ClusterPlan = { nodes: 20, podsPerNode: 5, services: 10, carrying: 'vxlan', masquerades: true };
  const check = checkPairs(await networkOf(clusterFiles(plan)), 4);
  let pairs = 0;
  check.eachPair((_, __, count, outcome) => {
    expect(['reachable', 'handed-over']).toContain(outcome.reach);
    pairs += count;
  });
  expect(pairs).toBe(120 * 119);
  expect(check.walks()).toBeLessThan(20 * 30);
});

/** Nodes on one network with IPv6, of which some know some by their hardware addresses. */
function nodesWithV6(rules: readonly string[], neighbours: readonly string[]): Files {
  const files: Record<string, string> = {};
  for (let node = 1; node <= rules.length; node++) {
    const directory = `nodes/n${node}`;
    files[`${directory}/ip-addr.txt`] = [
      '2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP',
      `    link/ether 02:00:00:00:00:0${node} brd ff:ff:ff:ff:ff:ff`,
      `    inet6 fd00::${node}/64 scope global`,
      `    inet6 fe80::${node}/64 scope link`,
      '',
    ].join('\n');
    files[`${directory}/ip6-route.txt`] = 'fd00::/64 dev eth0 proto kernel metric 256\n';
    files[`${directory}/ip6-rule.txt`] = '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n';
    files[`${directory}/ip6-neigh.txt`] = neighbours[node - 1] ?? '';
    files[`${directory}/ip6tables-legacy-save.txt`] = [
      '*filter',
      ':INPUT ACCEPT [0:0]',
      ':OUTPUT ACCEPT [0:0]',
      ...(rules[node - 1] === '' ? [] : [rules[node - 1]]),
      'COMMIT',
      '',
    ].join('\n');
    files[`${directory}/nft-ruleset.txt`] = '';
  }
  return files;
}

const toN4 = 'fd00::4 dev eth0 lladdr 02:00:00:00:00:04 REACHABLE\n';

it.each([
  [
    'a question that one node drops',
    ['', '', '', '-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 135 -j DROP'],
    [],
  ],
  [
    'an answer that one node drops',
    ['', '', '', '-A OUTPUT -p ipv6-icmp -m icmp6 --icmpv6-type 136 -j DROP'],
    [],
  ],
  ['a question that a rule drops of one', ['', '', '', '-A INPUT -s fd00::2 -p ipv6-icmp -j DROP'], []],
  [
    'answers that one node does not take',
    ['-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 136 -j DROP', '', '', ''],
    [],
  ],
  [
    'a node that drops questions, and that some know',
    ['', '', '', '-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 135 -j DROP'],
    [toN4, '', toN4],
  ],
])('who is asked decides: %s', async (_, rules, neighbours) => {
  const { wrong, pairs } = await compare(nodesWithV6(rules, neighbours), 6);
  expect(pairs).toBe(12);
  expect(wrong).toEqual([]);
});
