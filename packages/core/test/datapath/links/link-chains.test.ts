import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../one-node.ts';
import { RealHosts, whyNoHosts } from './real-hosts.ts';

const prefix = `nvtl${process.pid}-`;
const reason = whyNoHosts(
  prefix,
  `ip link add b0 type bridge; ip link add v0 type veth peer name v1
   nft 'add table bridge t; add chain bridge t c { type filter hook forward priority 0; }'
   nft 'add table netdev t; add chain netdev t c { type filter hook egress device v0 priority 0; }'`,
);

const title = `chains at devices and bridges, as the kernel runs them${reason === undefined ? '' : ` (${reason})`}`;

/** Who sends to whom. */
const WAYS = [
  ['a', 'b', '10.0.0.2'],
  ['a', 'sw', '10.0.0.254'],
  ['sw', 'b', '10.0.0.2'],
  ['a', 'c', '10.1.0.3'],
] as const;

const bridgeChain = (hook: string, ...rules: readonly string[]): string =>
  `table bridge t { chain c { type filter hook ${hook}; ${rules.join('; ')}; }; }`;
const deviceChain = (hook: string, device: string, ...rules: readonly string[]): string =>
  `table netdev t { chain c { type filter hook ${hook} device ${device} priority 0; ${rules.join('; ')}; }; }`;
const udp = 'ip protocol udp drop';

const RULESETS: readonly string[] = [
  ...['prerouting', 'input', 'forward', 'output', 'postrouting'].map((hook) =>
    bridgeChain(`${hook} priority filter`, udp),
  ),
  bridgeChain('prerouting priority filter', 'iifname "pa" ip daddr 10.0.0.2 drop'),
  bridgeChain('prerouting priority filter', 'iifname "br0" udp dport 9 drop'),
  bridgeChain('input priority filter', 'iifname "pa" udp dport 9 drop'),
  bridgeChain('forward priority filter', 'iifname "pa" oifname "pb" udp dport 9 drop'),
  bridgeChain('output priority filter', 'oifname "pb" udp dport 9 drop'),
  bridgeChain('output priority filter', 'oifname "br0" udp dport 9 drop'),
  bridgeChain('postrouting priority srcnat', 'oifname "pb" udp dport 9 drop'),
  bridgeChain('postrouting priority srcnat', 'iifname "pa" udp dport 9 drop'),
  bridgeChain('prerouting priority 10', udp),
  `${bridgeChain('forward priority filter', 'meta mark 0x7 drop')}
   table netdev m { chain c { type filter hook ingress device pa priority 0; udp dport 9 meta mark set 0x7; }; }`,
  ...['pa', 'pb', 'br0', 'out'].flatMap((device) =>
    ['ingress', 'egress'].map((hook) => deviceChain(hook, device, udp)),
  ),
  deviceChain('ingress', 'pa', 'ip daddr != 10.0.0.254 udp dport 9 drop'),
  deviceChain('ingress', 'pa', 'jump other').replace(
    'table netdev t {',
    'table netdev t { chain other { udp dport 9 drop; }; ',
  ),
  `table inet t { chain c { type filter hook ingress device pa priority 0; ${udp}; }; }`,
  `table inet t { chain c { type filter hook forward priority 0; udp dport 9 iifname "pa" drop; }; }`,
  `table inet t { chain c { type filter hook forward priority 0; udp dport 9 iifname "br0" drop; }; }`,
];

describe.skipIf(reason !== undefined)(title, () => {
  let hosts: RealHosts;

  beforeAll(() => {
    hosts = new RealHosts(prefix, ['a', 'sw', 'b', 'c']);
    hosts.connect('sw', 'pa', 'a', 'eth0');
    hosts.connect('sw', 'pb', 'b', 'eth0');
    hosts.connect('sw', 'out', 'c', 'eth0');
    hosts.run(
      'sw',
      `ip link add br0 type bridge; ip link set br0 up; ip addr add 10.0.0.254/24 dev br0; ip addr add 10.1.0.254/24 dev out
       ip link set pa master br0; ip link set pb master br0
       sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0`,
    );
    hosts.run('a', 'ip addr add 10.0.0.1/24 dev eth0; ip route add default via 10.0.0.254');
    hosts.run('b', 'ip addr add 10.0.0.2/24 dev eth0');
    hosts.run('c', 'ip addr add 10.1.0.3/24 dev eth0');
    // Who is asked for once is known, so that rules for ARP alone do not decide.
    for (const [from, , address] of WAYS)
      hosts.run(from, `echo x > /dev/udp/${address}/9 || true; sleep 0.1`);
  });

  afterAll(() => hosts.remove());

  /** The evidence as that of one node with the other hosts as namespaces of pods. */
  function collect(): Record<string, string> {
    return Object.fromEntries(
      Object.entries(hosts.collect()).map(([file, text]) => [
        file.replace('nodes/sw/', 'nodes/n1/').replace(/^nodes\/([abc])\//, 'nodes/n1/netns/default_$1/'),
        text,
      ]),
    );
  }

  it.each(RULESETS.flatMap((rules) => [0, 1].map((call) => [rules, call] as const)))(
    '%s, with bridge-nf-call-iptables=%i',
    async (rules, call) => {
      hosts.run('sw', `sysctl -qw net.bridge.bridge-nf-call-iptables=${call} || true; nft '${rules}'`);
      const files = collect();
      const expected: boolean[] = [];
      const found: boolean[] = [];
      for (const [from, to, address] of WAYS) {
        const before = hosts.arrivals(to);
        hosts.run(from, `echo x > /dev/udp/${address}/9 || true; sleep 0.05`);
        expected.push(hosts.arrivals(to) > before);
        const sender = from === 'sw' ? 'node/n1' : `pod/default/${from}`;
        const { paths, notModelled } = await ask(files, {
          from: sender,
          to: `${address}:9`,
          protocol: 'udp',
        });
        expect(notModelled).toEqual([]);
        found.push(paths.every(({ disposition }) => disposition === 'delivered'));
      }
      hosts.run('sw', 'nft flush ruleset');
      expect(found).toEqual(expected);
    },
  );
});
