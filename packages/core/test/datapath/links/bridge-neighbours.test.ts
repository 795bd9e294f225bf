import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../one-node.ts';
import { RealHosts, whyNoHosts } from './real-hosts.ts';

const prefix = `nvtn${process.pid}-`;
const reason = whyNoHosts(
  prefix,
  `ip link add b0 type bridge; sysctl -w net.bridge.bridge-nf-call-iptables=1
   nft 'add table ip t; add chain ip t c { type nat hook prerouting priority -100; }'`,
);

const title = `neighbours on a bridge, as the kernel has them${reason === undefined ? '' : ` (${reason})`}`;

/** Addresses that are asked for, and who gets it: services with a server behind the node, on the bridge and on the node, and no service. */
const TARGETS = [
  ['10.96.0.1', 'c'],
  ['10.96.0.2', 'b'],
  ['10.96.0.3', 'sw'],
  ['10.1.0.3', 'c'],
] as const;

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
       sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0
       nft 'table ip t { chain c { type nat hook prerouting priority -100;
         ip daddr 10.96.0.1 dnat to 10.1.0.3; ip daddr 10.96.0.2 dnat to 10.0.0.2; ip daddr 10.96.0.3 dnat to 10.0.0.254; }; }'`,
    );
    hosts.run(
      'a',
      `ip addr add 10.0.0.1/24 dev eth0; ip route add default via 10.0.0.254
       sysctl -qw net.ipv4.neigh.eth0.retrans_time_ms=20 net.ipv4.neigh.eth0.mcast_solicit=2`,
    );
    hosts.run(
      'b',
      'ip link set eth0 address 0a:00:00:00:00:0b; ip addr add 10.0.0.2/24 dev eth0; ip route add default via 10.0.0.254',
    );
    hosts.run('c', 'ip addr add 10.1.0.3/24 dev eth0; ip route add default via 10.1.0.254');
    // Neighbours of the node are known, so that a first packet has not to wait for them.
    for (const address of ['10.0.0.2', '10.1.0.3']) send('sw', address);
  });

  afterAll(() => hosts.remove());

  function send(from: string, address: string): void {
    hosts.run(from, `echo x > /dev/udp/${address}/9 || true; sleep 0.1`);
  }

  /** The evidence as that of one node with the other hosts as namespaces of pods. */
  function collect(): Record<string, string> {
    return Object.fromEntries(
      Object.entries(hosts.collect()).map(([file, text]) => [
        file.replace('nodes/sw/', 'nodes/n1/').replace(/^nodes\/([abc])\//, 'nodes/n1/netns/default_$1/'),
        text,
      ]),
    );
  }

  it.each(
    ['02:de:ad:00:00:01', '0a:00:00:00:00:0b'].flatMap((mac) => [0, 1].map((call) => [mac, call] as const)),
  )('the gateway has the wrong hardware address %s, with bridge-nf-call-iptables=%i', async (mac, call) => {
    hosts.run('sw', `sysctl -qw net.bridge.bridge-nf-call-iptables=${call}`);
    hosts.run('a', `ip neigh replace 10.0.0.254 lladdr ${mac} dev eth0 nud permanent`);
    const files = collect();
    const expected: boolean[] = [];
    const found: boolean[] = [];
    for (const [address, to] of TARGETS) {
      const before = hosts.arrivals(to);
      send('a', address);
      expected.push(hosts.arrivals(to) > before);
      const { paths } = await ask(files, { from: 'pod/default/a', to: `${address}:9`, protocol: 'udp' });
      expect(paths.map(({ disposition }) => disposition)).not.toContain('unknown');
      found.push(paths.every(({ disposition }) => disposition === 'delivered'));
    }
    hosts.run('a', 'ip neigh del 10.0.0.254 dev eth0');
    expect(found).toEqual(expected);
    expect(expected.includes(true)).toBe(call === 1);
  });

  it.each([
    ['a pod', 'a', 'pod/default/a'],
    ['the node', 'sw', 'node/n1'],
  ])('the interface of the pod that %s sends to is down', async (_, from, sender) => {
    hosts.run('b', 'ip link set eth0 down');
    hosts.run(from, 'ip neigh flush all');
    const files = collect();
    const before = hosts.arrivals('b');
    send(from, '10.0.0.2');
    expect(hosts.arrivals('b')).toBe(before);
    hosts.run('b', 'ip link set eth0 up');
    const pods = JSON.stringify({
      kind: 'List',
      items: [
        {
          kind: 'Pod',
          metadata: { namespace: 'default', name: 'b' },
          spec: { nodeName: 'n1' },
          status: { phase: 'Running', podIP: '10.0.0.2' },
        },
      ],
    });
    const { paths } = await ask(
      { ...files, 'cluster/pods.json': pods },
      { from: sender, to: '10.0.0.2:9', protocol: 'udp' },
    );
    expect(paths).toMatchObject([{ disposition: 'neighbor-unreachable' }]);
    expect(paths[0]?.steps.at(-1)?.detail).toBe('nobody answers for 10.0.0.2: eth0 of n1/default_b is down');
  });
});
