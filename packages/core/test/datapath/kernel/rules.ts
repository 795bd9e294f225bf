import type { Random } from './random.ts';
import { ADDRESS } from './topology.ts';

export const PORTS = [53, 80, 8080, 9999] as const;
export const SERVICES = ['10.96.0.1', '10.96.0.2', '10.96.0.3'] as const;

const ADDRESSES = [
  ADDRESS.n1,
  ADDRESS.n2,
  ADDRESS.p1,
  ADDRESS.p2,
  ADDRESS.b1,
  ADDRESS.b2,
  ADDRESS.q1,
  ADDRESS.m1,
  '10.244.0.0/16',
  '10.244.1.0/24',
  '192.168.50.0/24',
] as const;
const INTERFACES = ['eth0', 'cali+', 'calip1', 'calip2', 'br0', 'lo'] as const;
const BACKENDS = [
  '10.244.1.10',
  '10.244.1.11',
  '10.244.3.10',
  '10.244.2.10',
  '192.168.50.2',
  '192.168.50.30',
] as const;

/** Where a rule stands: what may be matched there. */
interface Chain {
  readonly table: string;
  readonly name: string;
  readonly hasIn: boolean;
  readonly hasOut: boolean;
}

const CHAINS: readonly Chain[] = [
  { table: 'raw', name: 'PREROUTING', hasIn: true, hasOut: false },
  { table: 'raw', name: 'OUTPUT', hasIn: false, hasOut: true },
  { table: 'mangle', name: 'PREROUTING', hasIn: true, hasOut: false },
  { table: 'mangle', name: 'OUTPUT', hasIn: false, hasOut: true },
  { table: 'filter', name: 'INPUT', hasIn: true, hasOut: false },
  { table: 'filter', name: 'FORWARD', hasIn: true, hasOut: true },
  { table: 'filter', name: 'FORWARD', hasIn: true, hasOut: true },
  { table: 'filter', name: 'OUTPUT', hasIn: false, hasOut: true },
];

function matches(random: Random, chain: Chain): string {
  const parts: string[] = [];
  const not = (): string => (random.chance(0.2) ? '! ' : '');
  if (random.chance(0.5)) parts.push(`${not()}-s ${random.pick(ADDRESSES)}`);
  if (random.chance(0.5)) parts.push(`${not()}-d ${random.pick(ADDRESSES)}`);
  if (chain.hasIn && random.chance(0.3)) parts.push(`${not()}-i ${random.pick(INTERFACES)}`);
  if (chain.hasOut && random.chance(0.3)) parts.push(`${not()}-o ${random.pick(INTERFACES)}`);
  const isUdp = random.chance(0.6);
  if (isUdp) parts.push(`-p udp -m udp ${not()}--dport ${random.pick(PORTS)}`);
  if (isUdp && random.chance(0.2)) parts.push('-m multiport --dports 53,8000:9000');
  if (random.chance(0.15)) parts.push(`-m addrtype ${not()}--dst-type LOCAL`);
  if (random.chance(0.1)) parts.push(`-m addrtype ${not()}--src-type LOCAL`);
  if (random.chance(0.15)) parts.push(`-m set ${not()}--match-set pods ${random.pick(['src', 'dst'])}`);
  if (random.chance(0.1)) parts.push('-m set --match-set portals dst,dst');
  if (random.chance(0.05)) parts.push('-m iprange --src-range 10.244.1.5-10.244.1.10');
  if (random.chance(0.05)) parts.push(`-m connmark ${not()}--mark 0x8/0x8`);
  if (chain.name === 'PREROUTING' && random.chance(0.1))
    parts.push(`-m rpfilter ${random.pick(['--invert', '--loose', '--validmark --invert'])}`);
  if (chain.table !== 'raw' && random.chance(0.15)) {
    parts.push(
      `-m conntrack ${not()}--ctstate ${random.pick(['NEW', 'ESTABLISHED', 'NEW,DNAT', 'DNAT', 'UNTRACKED'])}`,
    );
  }
  if (chain.table !== 'raw' && random.chance(0.2)) {
    parts.push(`-m mark ${not()}--mark ${random.pick(['0x1/0x1', '0x4000/0x4000', '0x2'])}`);
  }
  return parts.join(' ');
}

function target(random: Random, chain: Chain): string {
  if (chain.table === 'raw') return random.pick(['CT --notrack', 'DROP', 'ACCEPT', 'RAND']);
  if (chain.table === 'mangle') {
    return random.pick([
      'MARK --set-xmark 0x1/0x1',
      'MARK --set-xmark 0x2/0xffffffff',
      'MARK --set-xmark 0x4000/0x4000',
      'CONNMARK --set-xmark 0x8/0x8',
      'CONNMARK --save-mark --nfmask 0xf --ctmask 0xf',
      'CONNMARK --restore-mark --nfmask 0xf --ctmask 0xf',
      'ACCEPT',
      'RAND',
    ]);
  }
  return random.pick(['DROP', 'ACCEPT', 'REJECT', 'REJECT', 'RETURN', 'RAND']);
}

/** A random set of iptables rules in the form of iptables-restore, with services as kube-proxy programs them. */
export function randomIptables(random: Random): string {
  const lines = new Map<string, string[]>([
    ['raw', [':PREROUTING ACCEPT', ':OUTPUT ACCEPT', ':RAND -']],
    ['mangle', [':PREROUTING ACCEPT', ':OUTPUT ACCEPT', ':RAND -']],
    [
      'filter',
      [':INPUT ACCEPT', `:FORWARD ${random.chance(0.1) ? 'DROP' : 'ACCEPT'}`, ':OUTPUT ACCEPT', ':RAND -'],
    ],
    ['nat', natRules(random)],
  ]);
  for (let count = random.below(10); count > 0; count--) {
    const chain = random.pick(CHAINS);
    const action = target(random, chain);
    const jump = random.chance(0.2) && action === 'RAND' ? '-g' : '-j';
    lines.get(chain.table)?.push(`-A ${chain.name} ${matches(random, chain)} ${jump} ${action}`);
  }
  for (const table of ['raw', 'mangle', 'filter']) {
    const chain = { table, name: 'RAND', hasIn: false, hasOut: false };
    const action = target(random, chain).replace('RAND', 'RETURN');
    lines.get(table)?.push(`-A RAND ${matches(random, chain)} -j ${action}`);
  }
  return [...lines].map(([table, rules]) => [`*${table}`, ...rules, 'COMMIT', ''].join('\n')).join('');
}

function natRules(random: Random): string[] {
  const rules = [
    ':PREROUTING ACCEPT',
    ':INPUT ACCEPT',
    ':OUTPUT ACCEPT',
    ':POSTROUTING ACCEPT',
    ':SERVICES -',
    ':MASQ -',
    '-A PREROUTING -j SERVICES',
    '-A OUTPUT -j SERVICES',
    '-A MASQ -j MARK --set-xmark 0x4000/0x4000',
  ];
  for (const [index, service] of SERVICES.entries()) {
    const backends = 1 + random.below(3);
    rules.push(`:SVC${index} -`);
    if (random.chance(0.5))
      rules.push(`-A SERVICES ! -s 10.244.0.0/16 -d ${service}/32 -p udp -m udp --dport 80 -j MASQ`);
    rules.push(`-A SERVICES -d ${service}/32 -p udp -m udp --dport 80 -j SVC${index}`);
    for (let left = backends; left > 0; left--) {
      const chance = left > 1 ? `-m statistic --mode random --probability ${(1 / left).toFixed(10)} ` : '';
      const port = random.chance(0.7) ? ':8080' : '';
      rules.push(`-A SVC${index} -p udp ${chance}-j DNAT --to-destination ${random.pick(BACKENDS)}${port}`);
    }
  }
  if (random.chance(0.4))
    rules.push('-A SERVICES -p udp -m addrtype --dst-type LOCAL -m udp --dport 9999 -j SVC0');
  if (random.chance(0.2))
    rules.push('-A PREROUTING -d 10.96.0.9/32 -p udp -m udp --dport 53 -j REDIRECT --to-ports 8080');
  if (random.chance(0.8)) rules.push('-A POSTROUTING -m mark --mark 0x4000/0x4000 -j MASQUERADE');
  if (random.chance(0.3)) rules.push('-A POSTROUTING -s 10.244.0.0/16 ! -d 10.244.0.0/16 -j MASQUERADE');
  if (random.chance(0.15)) rules.push('-A INPUT -s 10.244.1.11/32 -p udp -j SNAT --to-source 10.244.1.99');
  return [...rules.filter((rule) => rule.startsWith(':')), ...rules.filter((rule) => !rule.startsWith(':'))];
}

const NFT_MATCHES = [
  'ip saddr 10.244.1.0/24',
  'ip daddr { 10.244.1.10, 10.244.2.0/24 }',
  'ip daddr != 10.244.0.0/16',
  'udp dport { 53, 8000-9000 }',
  'udp dport 80',
  'meta l4proto udp',
  'iifname "cali*"',
  'iifname { "eth0", "br0" }',
  'ct state new',
  'ct state established,related',
  'ct status dnat',
  'meta mark & 0x1 == 0x1',
  'fib daddr type local',
  'fib saddr . iif oif != 0',
  'ip saddr . ip daddr @pairs',
  'ip daddr . udp dport { 10.244.1.10 . 80, 10.244.2.10 . 8000-9000 }',
  'th dport 9999',
] as const;

/** A random native ruleset: services by verdict map, and rules at several priorities. */
export function randomNftables(random: Random): string {
  const rule = (verdict: string): string => {
    const parts = Array.from({ length: 1 + random.below(2) }, () => random.pick(NFT_MATCHES));
    return `${[...new Set(parts)].join(' ')} ${verdict}`;
  };
  const filter = (): string[] =>
    Array.from({ length: random.below(4) }, () =>
      rule(
        random.pick([
          'accept',
          'drop',
          'reject',
          'meta mark set meta mark | 0x1',
          'jump other',
          'goto other',
          'return',
        ]),
      ),
    );
  const service = SERVICES.map((address, index) => `${address} . udp . 80 : goto svc${index}`).join(', ');
  const backends = SERVICES.map((_, index) => {
    const count = 1 + random.below(3);
    const targets = Array.from({ length: count }, (_value, at) => `${at} : ${random.pick(BACKENDS)}`).join(
      ', ',
    );
    return `chain svc${index} {\n  meta l4proto udp dnat to numgen random mod ${count} map { ${targets} }\n}`;
  });
  return `table ip lab {
    set pairs { type ipv4_addr . ipv4_addr; elements = { 10.244.1.10 . 10.244.1.11, 192.168.50.1 . 10.244.2.10 } }
    map services { type ipv4_addr . inet_proto . inet_service : verdict; elements = { ${service} } }
    ${backends.join('\n')}
    chain other {
      ${rule(random.pick(['accept', 'drop', 'return']))}
    }
    chain early { type filter hook prerouting priority mangle; policy accept;
      ${filter().join('\n')}
    }
    chain services-in { type nat hook prerouting priority dstnat; policy accept;
      ip daddr . meta l4proto . udp dport vmap @services
    }
    chain services-out { type nat hook output priority -100; policy accept;
      ip daddr . meta l4proto . udp dport vmap @services
    }
    chain forwarded { type filter hook forward priority filter - 5; policy accept;
      ${filter().join('\n')}
    }
    chain local-in { type filter hook input priority filter; policy accept;
      ${filter().join('\n')}
    }
    chain leaving { type nat hook postrouting priority srcnat; policy accept;
      ${random.chance(0.5) ? 'meta mark & 0x1 == 0x1 masquerade' : 'ip saddr 10.244.0.0/16 ip daddr != 10.244.0.0/16 masquerade'}
    }
  }`;
}

/** Policy routing and settings that change where packets go. */
export function randomRouting(random: Random): string {
  const lines: string[] = [];
  if (random.chance(0.4)) lines.push('ip rule add fwmark 0x1/0x1 lookup 100');
  if (random.chance(0.5)) {
    lines.push(
      `ip route add ${random.pick(['default via 192.168.50.2', 'blackhole 10.244.2.0/24', 'unreachable 10.244.3.0/24', 'prohibit default', '10.244.1.11 dev calip2 scope link'])} table 100`,
    );
  }
  if (random.chance(0.2))
    lines.push('ip rule add from 10.244.1.10 lookup 101', 'ip route add throw default table 101');
  if (random.chance(0.2)) {
    lines.push(
      'ip rule add lookup 102 suppress_prefixlength 8',
      'ip route add 10.0.0.0/8 via 192.168.50.2 table 102',
    );
  }
  if (random.chance(0.2)) lines.push('ip route add blackhole 10.244.1.0/24');
  if (random.chance(0.5)) lines.push('ip route add default via 192.168.50.2');
  for (const device of ['all', 'eth0', 'calip1', 'br0']) {
    if (random.chance(0.2)) lines.push(`sysctl -qw net.ipv4.conf.${device}.rp_filter=${random.below(3)}`);
    if (random.chance(0.1)) lines.push(`sysctl -qw net.ipv4.conf.${device}.route_localnet=1`);
  }
  if (random.chance(0.1)) lines.push('sysctl -qw net.ipv4.conf.calip2.forwarding=0');
  if (random.chance(0.1)) lines.push('ip link set calip2 down');
  if (random.chance(0.2)) lines.push('ip link set vethb1 type bridge_slave hairpin on');
  if (random.chance(0.2)) lines.push('sysctl -qw net.bridge.bridge-nf-call-iptables=0');
  return lines.join('\n');
}
