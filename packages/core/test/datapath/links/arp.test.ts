import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, dispositions } from '../one-node.ts';
import { RealHosts, whyNoHosts } from './real-hosts.ts';

const prefix = `nvta${process.pid}-`;
const reason = whyNoHosts(prefix, 'ip link add v0 type veth peer name v1; sysctl -w net.ipv4.ip_forward=1');

/** Addresses that are asked for: on the interface, on another one, on the loopback device, and one behind the host. */
const ADDRESSES = ['10.0.0.2', '10.0.1.2', '10.0.2.2', '10.0.3.2', '10.0.9.9', '10.0.0.77'];

const SETTINGS: readonly string[] = [
  ...[0, 1, 2, 3, 4, 8].map((mode) => `arp_ignore=${mode}`),
  'arp_filter=1',
  'proxy_arp=1',
  'proxy_arp_pvlan=1',
];

describe.skipIf(reason !== undefined)(
  `who answers for an address, as the kernel has it${reason ? ` (${reason})` : ''}`,
  () => {
    let hosts: RealHosts;

    beforeAll(() => {
      hosts = new RealHosts(prefix, ['a', 'b']);
      hosts.connect('a', 'eth0', 'b', 'eth0');
      hosts.run(
        'a',
        `ip addr add 10.0.0.1/24 dev eth0 noprefixroute; ip addr add 10.7.0.1/32 dev lo; ip route add 10.0.0.0/16 dev eth0
       sysctl -qw net.ipv4.neigh.eth0.retrans_time_ms=20 net.ipv4.neigh.eth0.ucast_solicit=1 net.ipv4.neigh.eth0.mcast_solicit=2`,
      );
      hosts.run(
        'b',
        `sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth0.rp_filter=0 net.ipv4.ip_forward=1 net.ipv4.neigh.eth0.proxy_delay=0
       ip link add eth1 type veth peer name eth2; ip link set eth1 up; ip link set eth2 up
       ip addr add 10.0.0.2/24 dev eth0; ip addr add 10.0.1.2/24 dev eth1; ip addr add 10.0.2.2/32 dev lo
       ip addr add 10.0.3.2/32 dev lo scope host; ip route add 10.0.9.0/24 dev eth1; ip route add 10.7.0.1 dev eth1`,
      );
    });

    afterAll(() => hosts.remove());

    /** Whether the kernel of `a` learns a hardware address when a packet with the source is sent. */
    async function isAnswered(address: string, source: string): Promise<boolean> {
      hosts.run('a', 'ip neigh flush all');
      hosts.run(
        'a',
        `ip route replace 10.0.0.0/16 dev eth0 src ${source}; echo x > /dev/udp/${address}/9 || true`,
      );
      for (;;) {
        const state = hosts.run('a', `ip neigh show ${address}`);
        if (state.includes('lladdr')) return true;
        if (state.includes('FAILED') || state === '') return false;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }

    it.each(
      SETTINGS.flatMap((setting) => ['10.0.0.1', '10.7.0.1'].map((source) => [setting, source] as const)),
    )('%s, asked from %s', async (setting, source) => {
      const name = `net.ipv4.conf.eth0.${setting.replace(/=.*/, '')}`;
      hosts.run('b', `sysctl -qw net.ipv4.conf.eth0.${setting}`);
      const expected: [string, boolean][] = [];
      for (const address of ADDRESSES) expected.push([address, await isAnswered(address, source)]);
      hosts.run('a', 'ip neigh flush all');
      const files = hosts.collect();
      hosts.run('b', `sysctl -qw ${name}=0`);
      const found: [string, boolean][] = [];
      for (const address of ADDRESSES) {
        const answer = await ask(
          { ...files, 'nodes/a/ip-neigh.txt': '' },
          { from: source, to: `${address}:9`, protocol: 'udp' },
        );
        const isSent = answer.paths[0]?.steps.some(({ node, element }) => node === 'a' && element === 'link');
        expect(dispositions(answer)).toHaveLength(1);
        found.push([address, isSent === true && answer.paths[0]?.at.node !== 'a']);
      }
      expect(found).toEqual(expected);
    });
  },
);
