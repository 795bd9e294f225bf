import { nftMatches } from './nftables-matches.ts';
import { type Part, PORTS } from './plan.ts';
import { anyBackend, type Scene } from './scene.ts';

interface BaseChain {
  readonly name: string;
  readonly type: 'filter' | 'route';
  readonly hook: string;
  readonly priorities: readonly string[];
}

const CHAINS: readonly BaseChain[] = [
  { name: 'raw-in', type: 'filter', hook: 'prerouting', priorities: ['raw', '-250'] },
  { name: 'raw-out', type: 'filter', hook: 'output', priorities: ['raw'] },
  { name: 'early', type: 'filter', hook: 'prerouting', priorities: ['mangle', '-110', '-90'] },
  { name: 'forwarded', type: 'filter', hook: 'forward', priorities: ['filter', 'filter - 5'] },
  { name: 'local-in', type: 'filter', hook: 'input', priorities: ['filter', '110'] },
  { name: 'local-out', type: 'filter', hook: 'output', priorities: ['filter', '-90'] },
  { name: 'routed-out', type: 'route', hook: 'output', priorities: ['mangle'] },
  { name: 'late', type: 'filter', hook: 'postrouting', priorities: ['mangle', '110'] },
];

/** A random native ruleset, in commands of nft: services by verdict map, and rules at several priorities. */
export function randomNftables(scene: Scene): readonly Part[] {
  const { random, at, addresses } = scene;
  const family = random.chance(0.4) ? 'inet' : addresses.family === 4 ? 'ip' : 'ip6';
  const lines = [
    `add table ${family} lab`,
    ...sets(scene),
    'add chain lab other',
    ...chains(scene, family === 'inet'),
    ...services(scene),
  ];
  lines.push(
    `add rule lab other ${nftMatches(scene, { hook: '', isInet: family === 'inet' })} ${random.pick(['accept', 'drop', 'return'])}`,
  );
  return lines.map((text) => ({
    at,
    tool: 'nft',
    table: '',
    text: text.replace(/^(add (?:chain|rule|set|map|element)) lab/gm, `$1 ${family} lab`),
  }));
}

function sets({ random, addresses, hosts, networks }: Scene): readonly string[] {
  const type = `ipv${addresses.family}_addr`;
  const ports = `${random.pick(PORTS)}, 30000-32767`;
  const pairs = [1, 2].map(() => `${random.pick(hosts)} . ${random.pick(hosts)}`);
  const portals = [1, 2, 3].map(
    () => `${random.pick(hosts)} . ${random.pick(['udp', 'tcp'])} . ${random.pick(PORTS)}`,
  );
  return [
    `add set lab nets { type ${type}; flags interval; auto-merge; elements = { ${random.pick(networks)}, ${random.pick(hosts)} } }`,
    `add set lab pairs { type ${type} . ${type}; elements = { ${[...new Set(pairs)].join(', ')} } }`,
    `add set lab portals { type ${type} . inet_proto . inet_service; elements = { ${[...new Set(portals)].join(', ')} } }`,
    `add set lab ports { type inet_service; flags interval; elements = { ${ports} } }`,
  ];
}

function verdict({ random, addresses }: Scene, { hook, type }: BaseChain): string {
  const choices = [
    'accept',
    'drop',
    'jump other',
    'goto other',
    'return',
    'counter',
    'meta mark set meta mark | 0x1',
    'meta mark set 0x2',
  ];
  if (hook === 'forward' || hook === 'input' || hook === 'output') {
    choices.push(
      'reject',
      'reject',
      `reject with ${addresses.family === 4 ? 'icmp type host-prohibited' : 'icmpv6 type no-route'}`,
      'meta l4proto tcp reject with tcp reset',
    );
  }
  choices.push('ct mark set 0x8', 'meta mark set ct mark', 'ct mark set meta mark');
  if (type === 'route') choices.push('meta mark set 0x1', 'meta mark set 0x1');
  return random.pick(choices);
}

function chains(scene: Scene, isInet: boolean): readonly string[] {
  const { random, addresses } = scene;
  return CHAINS.flatMap((chain) => {
    const count = random.below(4);
    if (count === 0) return [];
    const policy = chain.hook !== 'output' && random.chance(0.05) ? 'drop' : 'accept';
    const { name, type, hook, priorities } = chain;
    // Whom a host knows of its neighbours depends on the packets before, and each is walked by itself.
    const discovery =
      addresses.family === 6
        ? `\nadd rule lab ${name} icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept`
        : '';
    const isBeforeTracking = name.startsWith('raw');
    return [
      `add chain lab ${name} { type ${type} hook ${hook} priority ${random.pick(priorities)}; policy ${policy}; }${discovery}`,
      ...Array.from({ length: count }, () => {
        const action = isBeforeTracking
          ? random.pick(['notrack', 'drop', 'accept', 'jump other'])
          : verdict(scene, chain);
        return `add rule lab ${name} ${nftMatches(scene, { hook, isInet }, !action.includes('tcp'))} ${action}`;
      }),
    ];
  });
}

/** Services, as kube-proxy programs them, and what translates the source. */
function services(scene: Scene): readonly string[] {
  const { random, addresses } = scene;
  const ip = addresses.family === 4 ? 'ip' : 'ip6';
  const lines: string[] = [];
  const elements: string[] = [];
  for (const [index, service] of addresses.services.entries()) {
    const count = 1 + random.below(3);
    const protocol = random.pick(['udp', 'tcp']);
    lines.push(`add chain lab svc${index}`, ...backends(scene, index, count));
    elements.push(`${service} . ${protocol} . 80 : ${random.pick(['goto', 'goto', 'jump'])} svc${index}`);
  }
  const noEndpoints = `${addresses.nobody[0]} . udp . 53 : drop`;
  lines.push(
    `add map lab services { type ipv${addresses.family}_addr . inet_proto . inet_service : verdict; elements = { ${[...elements, noEndpoints].join(', ')} } }`,
    'add chain lab services-in { type nat hook prerouting priority dstnat; policy accept; }',
    'add chain lab services-out { type nat hook output priority -100; policy accept; }',
    'add chain lab leaving { type nat hook postrouting priority srcnat; policy accept; }',
    `add rule lab services-in ${ip} daddr . meta l4proto . th dport vmap @services`,
    `add rule lab services-out ${ip} daddr . meta l4proto . th dport vmap @services`,
    `add rule lab leaving ${random.pick(['meta mark & 0x1 == 0x1 masquerade', `${ip} saddr ${addresses.allPods} ${ip} daddr != ${addresses.allPods} masquerade`])}`,
  );
  if (random.chance(0.15)) {
    lines.push(
      `add rule lab services-in udp dport 9999 ${ip} daddr ${addresses.nobody[0]} redirect to :8080`,
    );
  }
  if (random.chance(0.15)) {
    lines.push(
      `add rule lab leaving ${ip} saddr ${random.pick(scene.hosts)} snat to ${random.pick(scene.hosts)}`,
    );
  }
  return lines.map((line) =>
    line.replace(/\b(dnat|snat) (ip6? )?to/, (_, kind: string) => `${kind} ${ip} to`),
  );
}

function backends(scene: Scene, index: number, count: number): readonly string[] {
  const { random, addresses } = scene;
  const targets = Array.from({ length: count }, () => anyBackend(scene));
  const chain = `add rule lab svc${index}`;
  switch (random.below(3)) {
    case 0: {
      const map = targets.map((target, at) => `${at} : ${target}`).join(', ');
      return [`${chain} dnat to numgen random mod ${count} map { ${map} }`];
    }
    case 1: {
      const map = targets.map((target, at) => `${at} : ${target} . 8080`).join(', ');
      return [`${chain} meta l4proto { tcp, udp } dnat to numgen random mod ${count} map { ${map} }`];
    }
    default:
      return targets.map((target, at) => {
        const chance = at < count - 1 ? `numgen random mod ${count - at} 0 ` : '';
        return `${chain} ${chance}meta l4proto { tcp, udp } dnat to ${addresses.withPort(target, 8080)}`;
      });
  }
}
