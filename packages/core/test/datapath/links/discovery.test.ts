import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Host, NeighbourLab } from './neighbour-lab.ts';
import { whyNoHosts } from './real-hosts.ts';

const prefix = `nvtd${process.pid}-`;
const reason = whyNoHosts(
  prefix,
  `ip link add b0 type bridge mcast_snooping 0; nft list ruleset; ip6tables-legacy -S; ip6tables-nft -S
   sysctl -w net.ipv6.conf.all.forwarding=1`,
);

const title = `rules for neighbour discovery, as the kernel has them${reason === undefined ? '' : ` (${reason})`}`;

const legacy = (...rules: readonly string[]): string =>
  rules.map((rule) => `ip6tables-legacy ${rule}`).join('\n');
const nft = (hook: string, ...rules: readonly string[]): string =>
  `nft 'table inet t { chain c { type filter hook ${hook}; ${rules.join('; ')}; }; }'`;
const bridge = (hook: string, ...rules: readonly string[]): string =>
  nft(hook, ...rules).replace('inet', 'bridge');
const solicitation = '-p icmpv6 --icmpv6-type neighbour-solicitation';
const advertisement = '-p icmpv6 --icmpv6-type neighbour-advertisement';

/** Rules, at each of the hosts of which they decide something. */
const RULES: readonly (readonly [string, readonly Host[]])[] = [
  ['true', ['a']],
  [legacy(`-A INPUT ${solicitation} -j DROP`), ['a', 'sw', 'b', 'c']],
  [legacy(`-A INPUT ${advertisement} -j DROP`), ['a', 'sw', 'b']],
  [legacy(`-A OUTPUT ${solicitation} -j DROP`), ['a', 'sw', 'b']],
  [legacy(`-A OUTPUT ${advertisement} -j REJECT`), ['a', 'b', 'c']],
  [legacy(`-t mangle -A POSTROUTING ${solicitation} -j DROP`), ['a', 'sw']],
  [legacy(`-t mangle -A POSTROUTING ${advertisement} -j DROP`), ['b']],
  [legacy(`-t raw -A PREROUTING ${solicitation} -j DROP`), ['b', 'sw']],
  [legacy(`-A FORWARD ${solicitation} -j DROP`), ['sw']],
  [legacy('-A INPUT -p udp -j ACCEPT', '-P INPUT DROP'), ['b', 'sw']],
  [legacy('-A INPUT -p icmpv6 -j ACCEPT', '-A INPUT -p udp -j ACCEPT', '-P INPUT DROP'), ['a', 'b']],
  [legacy('-A OUTPUT -p udp -j ACCEPT', '-P OUTPUT DROP'), ['a', 'b']],
  [legacy('-A INPUT -m conntrack --ctstate INVALID -j DROP'), ['a', 'b']],
  [legacy('-t raw -A PREROUTING -m conntrack --ctstate INVALID -j DROP'), ['b']],
  [legacy('-t raw -A PREROUTING -m conntrack --ctstate UNTRACKED -j DROP'), ['b']],
  [legacy('-A INPUT -m conntrack --ctstate UNTRACKED -j DROP'), ['a', 'b']],
  [
    legacy(
      '-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
      '-A INPUT -p udp -j ACCEPT',
      '-A INPUT -p icmpv6 -m hl --hl-eq 255 -j ACCEPT',
      '-P INPUT DROP',
    ),
    ['a', 'b', 'sw'],
  ],
  [legacy('-A INPUT -p icmpv6 -m hl --hl-lt 255 -j ACCEPT', '-A INPUT -p icmpv6 -j DROP'), ['b']],
  [legacy('-A INPUT -m pkttype --pkt-type multicast -j DROP'), ['a', 'b']],
  [legacy('-A OUTPUT -m pkttype --pkt-type multicast -j DROP'), ['a']],
  [legacy('-A INPUT -m addrtype ! --dst-type LOCAL -j DROP'), ['b']],
  [legacy('-A INPUT -m addrtype --dst-type LOCAL --limit-iface-in -j DROP'), ['a', 'sw']],
  [legacy(`-A INPUT -s fe80::/10 ${solicitation} -j DROP`), ['b', 'c']],
  [legacy(`-A INPUT -s fd00::/16 ${solicitation} -j DROP`), ['b', 'c']],
  [legacy('-A INPUT -d ff02::1:ff00:2/128 -j DROP'), ['b', 'sw']],
  [legacy('-A INPUT -p icmpv6 -m length --length 72 -j DROP'), ['a', 'b']],
  [legacy('-t raw -A PREROUTING -m rpfilter --invert -j DROP'), ['b', 'c', 'sw']],
  [
    legacy(`-t mangle -A OUTPUT ${solicitation} -j MARK --set-mark 1`, '-A OUTPUT -m mark --mark 1 -j DROP'),
    ['a'],
  ],
  [
    legacy(
      `-t mangle -A PREROUTING ${solicitation} -j MARK --set-mark 1`,
      '-A OUTPUT -m mark --mark 1 -j DROP',
    ),
    ['b'],
  ],
  [legacy(`-A INPUT -i eth0 ${solicitation} -j DROP`), ['b']],
  [legacy(`-A OUTPUT -o br0 ${solicitation} -j DROP`), ['sw']],
  [`ip6tables-nft -A INPUT ${solicitation} -j DROP`, ['b', 'sw']],
  [
    nft(
      'input priority 0; policy drop',
      'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert } accept',
      'udp dport 9 accept',
    ),
    ['a', 'b', 'sw'],
  ],
  [
    nft('input priority 0; policy drop', 'icmpv6 type nd-neighbor-advert accept', 'udp dport 9 accept'),
    ['a', 'b'],
  ],
  [nft('input priority 0; policy drop', 'ct state established,related accept', 'udp dport 9 accept'), ['b']],
  [nft('input priority 0', 'ct state invalid drop'), ['b']],
  [nft('input priority 0', 'ct state untracked drop'), ['b']],
  [nft('prerouting priority -300', 'ct state invalid drop'), ['b']],
  [nft('input priority 0', 'meta pkttype multicast drop'), ['b']],
  [nft('output priority 0', 'meta pkttype multicast drop'), ['a']],
  [nft('input priority 0', 'ip6 hoplimit != 255 accept', 'icmpv6 type 135-136 drop'), ['b']],
  [nft('prerouting priority 0', 'fib saddr . iif oif missing drop'), ['b', 'c']],
  [nft('prerouting priority 0', 'fib daddr type multicast drop'), ['b']],
  [nft('ingress device eth0 priority 0', 'icmpv6 type nd-neighbor-solicit drop'), ['b']],
  [
    nft('egress device eth0 priority 0', 'icmpv6 type nd-neighbor-advert drop').replace('inet', 'netdev'),
    ['b'],
  ],
  ...['prerouting', 'input', 'forward', 'output', 'postrouting'].map(
    (hook) => [bridge(`${hook} priority 0`, 'icmpv6 type nd-neighbor-solicit drop'), ['sw']] as const,
  ),
  [bridge('forward priority 0', 'icmpv6 type nd-neighbor-advert drop'), ['sw']],
  [bridge('forward priority 0', 'iifname "pa" icmpv6 type nd-neighbor-solicit drop'), ['sw']],
];

describe.skipIf(reason !== undefined)(title, () => {
  let lab: NeighbourLab;

  beforeAll(() => {
    lab = new NeighbourLab(prefix, 6);
  });

  afterEach(() => lab.clear());
  afterAll(() => lab.remove());

  it.each(
    RULES.flatMap(([rules, places]) =>
      places.flatMap((at) =>
        (at === 'sw' && /FORWARD|ROUTING/.test(rules) ? [0, 1] : [0]).map(
          (call) => [rules, at, call] as const,
        ),
      ),
    ),
  )('%s, at %s, with bridge-nf-call-ip6tables=%i', async (rules, at, call) => {
    lab.run('sw', `sysctl -qw net.bridge.bridge-nf-call-ip6tables=${call} || true`);
    lab.run(at, rules);
    const { expected, found } = await lab.compare();
    expect(found).toEqual(expected);
  });
});
