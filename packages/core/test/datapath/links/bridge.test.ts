import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../one-node.ts';
import { RealHosts, whyNoHosts } from './real-hosts.ts';

const prefix = `nvtb${process.pid}-`;
const reason = whyNoHosts(prefix, 'ip link add b0 type bridge; nft list ruleset');

const title = `what a bridge passes on, as the kernel does${reason === undefined ? '' : ` (${reason})`}`;

describe.skipIf(reason !== undefined)(title, () => {
  let hosts: RealHosts;

  beforeAll(() => {
    hosts = new RealHosts(prefix, ['a', 'sw', 'b']);
    hosts.connect('sw', 'pa', 'a', 'eth0');
    hosts.connect('sw', 'pb', 'b', 'eth0');
    hosts.run(
      'sw',
      `ip link add br0 type bridge; ip link set br0 up; ip addr add 10.0.0.254/24 dev br0
       ip link set pa master br0; ip link set pb master br0`,
    );
    for (const [name, index] of [
      ['a', 1],
      ['b', 2],
    ] as const) {
      hosts.run(
        name,
        `ip addr add 10.0.0.${index}/24 dev eth0
         sysctl -qw net.ipv4.neigh.eth0.retrans_time_ms=20 net.ipv4.neigh.eth0.mcast_solicit=2`,
      );
    }
  });

  afterAll(() => hosts.remove());

  /** The evidence as that of one node with the hosts as namespaces of pods. */
  function collect(): Record<string, string> {
    return Object.fromEntries(
      Object.entries(hosts.collect()).map(([file, text]) => [
        file.replace('nodes/sw/', 'nodes/n1/').replace(/^nodes\/([ab])\//, 'nodes/n1/netns/default_$1/'),
        text,
      ]),
    );
  }

  /** Whether a datagram from `a` arrives at `b`, and whether one arrives at the bridge itself. */
  async function arrive(): Promise<readonly boolean[]> {
    const results: boolean[] = [];
    for (const [name, address] of [
      ['b', '10.0.0.2'],
      ['sw', '10.0.0.254'],
    ] as const) {
      const before = hosts.arrivals(name);
      hosts.run('a', `ip neigh flush all; echo x > /dev/udp/${address}/9 || true; sleep 0.2`);
      results.push(hosts.arrivals(name) > before);
    }
    return results;
  }

  it.each([
    ['as it is', 'true', 'true'],
    [
      'isolated ports',
      'bridge link set dev pa isolated on; bridge link set dev pb isolated on',
      'bridge link set dev pa isolated off; bridge link set dev pb isolated off',
    ],
    ['one isolated port', 'bridge link set dev pa isolated on', 'bridge link set dev pa isolated off'],
    ['a port that blocks', 'bridge link set dev pb state 4', 'bridge link set dev pb state 3'],
    ['the port it comes in by blocks', 'bridge link set dev pa state 4', 'bridge link set dev pa state 3'],
    ['a bridge that is down', 'ip link set br0 down', 'ip link set br0 up'],
    ['a port that is down', 'ip link set pb down', 'ip link set pb up'],
  ])('%s', async (_, change, undo) => {
    hosts.run('sw', change);
    hosts.run('a', 'ip neigh flush all');
    const files = collect();
    const expected = await arrive();
    hosts.run('sw', undo);
    const found: boolean[] = [];
    for (const address of ['10.0.0.2', '10.0.0.254']) {
      const { paths } = await ask(files, { from: 'pod/default/a', to: `${address}:9`, protocol: 'udp' });
      expect(paths).toHaveLength(1);
      expect(paths[0]?.disposition).not.toBe('unknown');
      found.push(paths[0]?.disposition === 'delivered');
    }
    expect(found).toEqual(expected);
  });
});
