import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Host, NeighbourLab } from './neighbour-lab.ts';
import { whyNoHosts } from './real-hosts.ts';

const prefix = `nvtr${process.pid}-`;
const reason = whyNoHosts(
  prefix,
  `ip link add b0 type bridge mcast_snooping 0; arptables-nft -S; ip6tables-legacy -S; sysctl -w net.ipv4.ip_forward=1
   nft 'add table arp t; add chain arp t c { type filter hook input priority 0; }'`,
);

const title = `rules for ARP, as the kernel has them${reason === undefined ? '' : ` (${reason})`}`;

const chain = (family: string, hook: string, ...rules: readonly string[]): string =>
  `nft 'table ${family} t { chain c { type filter hook ${hook}; ${rules.join('; ')}; }; }'`;
const arp = (hook: string, ...rules: readonly string[]): string =>
  chain('arp', `${hook} priority 0`, ...rules);
const bridge = (hook: string, ...rules: readonly string[]): string =>
  chain('bridge', `${hook} priority 0`, ...rules);
const device = (hook: string, name: string, ...rules: readonly string[]): string =>
  chain('netdev', `${hook} device ${name} priority 0`, ...rules);

/** Rules, at each of the hosts of which they decide something. */
const RULES: readonly (readonly [string, readonly Host[]])[] = [
  ['true', ['a']],
  [arp('input', 'arp operation request drop'), ['a', 'sw', 'b', 'c']],
  [arp('input', 'arp operation reply drop'), ['a', 'sw']],
  [arp('output', 'arp operation request drop'), ['a', 'sw']],
  [arp('output', 'arp operation reply drop'), ['b', 'c']],
  [arp('input', 'drop'), ['b']],
  [chain('arp', 'input priority 0; policy drop', 'arp saddr ip 10.0.0.1 accept'), ['b', 'sw']],
  [arp('input', 'arp daddr ip 10.0.0.2 drop'), ['b', 'sw']],
  [arp('input', 'arp htype 1 arp ptype ip arp hlen 6 arp plen 4 drop'), ['b']],
  [arp('input', 'iifname != "br0" drop'), ['sw', 'b']],
  [arp('input', 'meta pkttype broadcast drop'), ['a', 'b']],
  [arp('output', 'meta pkttype broadcast drop'), ['a']],
  ['arptables-nft -A INPUT --opcode Request -j DROP', ['b', 'sw']],
  ['arptables-nft -A OUTPUT -d 10.0.0.2 -j DROP', ['a', 'sw']],
  ['arptables-nft -A INPUT -s 10.0.0.1 -j ACCEPT; arptables-nft -P INPUT DROP', ['b']],
  [bridge('forward', 'ether type arp drop'), ['sw']],
  [bridge('forward', 'arp operation reply drop'), ['sw']],
  [bridge('input', 'meta protocol arp drop'), ['sw']],
  [bridge('output', 'arp operation request drop'), ['sw']],
  [bridge('prerouting', 'iifname "pb" arp operation reply drop'), ['sw']],
  [chain('bridge', 'forward priority 0; policy drop', 'ether type ip accept'), ['sw']],
  [chain('bridge', 'forward priority 0; policy drop', 'meta protocol { ip, arp } accept'), ['sw']],
  [bridge('forward', 'ip saddr != 10.0.0.1 drop'), ['sw']],
  [device('ingress', 'eth0', 'arp operation request drop'), ['b', 'c']],
  [device('ingress', 'eth0', 'ether type != arp accept', 'drop'), ['a']],
  [device('ingress', 'eth0', 'meta pkttype broadcast drop'), ['b']],
  [device('egress', 'eth0', 'meta protocol arp drop'), ['a', 'b']],
  [device('ingress', 'eth0', 'meta l4proto != udp drop'), ['b']],
];

describe.skipIf(reason !== undefined)(title, () => {
  let lab: NeighbourLab;

  beforeAll(() => {
    lab = new NeighbourLab(prefix, 4);
  });

  afterEach(() => lab.clear());
  afterAll(() => lab.remove());

  it.each(RULES.flatMap(([rules, places]) => places.map((at) => [rules, at] as const)))(
    '%s, at %s',
    async (rules, at) => {
      lab.run('sw', 'sysctl -qw net.bridge.bridge-nf-call-iptables=0 || true');
      lab.run(at, rules);
      const { expected, found } = await lab.compare();
      expect(found).toEqual(expected);
    },
  );
});
