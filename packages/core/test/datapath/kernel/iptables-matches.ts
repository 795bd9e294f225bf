import { LIST, SETS } from './ipsets.ts';
import { PORTS } from './plan.ts';
import { anyAddress, type Scene } from './scene.ts';

/** Where a rule stands: what may be matched there. */
export interface Chain {
  readonly table: string;
  readonly name: string;
  readonly hasIn: boolean;
  readonly hasOut: boolean;
}

/** A random condition; undefined where it does not fit the chain. */
type Condition = (scene: Scene, chain: Chain, not: string) => string | undefined;

/** None goes by chance: in a routing loop that gives more ways than can be walked. Services do. */
const CONDITIONS: readonly { readonly chance: number; readonly condition: Condition }[] = [
  { chance: 0.4, condition: (scene, _, not) => `${not}-s ${anyAddress(scene)}` },
  { chance: 0.4, condition: (scene, _, not) => `${not}-d ${anyAddress(scene)}` },
  {
    chance: 0.3,
    condition: ({ random, interfaces }, { hasIn }, not) =>
      hasIn ? `${not}-i ${device(random, interfaces)}` : undefined,
  },
  {
    chance: 0.3,
    condition: ({ random, interfaces }, { hasOut }, not) =>
      hasOut ? `${not}-o ${device(random, interfaces)}` : undefined,
  },
  { chance: 0.6, condition: transport },
  {
    chance: 0.12,
    condition: ({ random }, _, not) =>
      `-m addrtype ${not}--dst-type ${random.pick(['LOCAL', 'LOCAL', 'UNICAST'])}`,
  },
  {
    chance: 0.08,
    condition: ({ random }, _, not) => `-m addrtype ${not}--src-type ${random.pick(['LOCAL', 'UNICAST'])}`,
  },
  { chance: 0.05, condition: limitedType },
  { chance: 0.2, condition: set },
  { chance: 0.05, condition: range },
  {
    chance: 0.06,
    condition: ({ random }, _, not) => `-m connmark ${not}--mark ${random.pick(['0x8/0x8', '0x1/0x1'])}`,
  },
  { chance: 0.1, condition: reversePath },
  { chance: 0.15, condition: connection },
  {
    chance: 0.15,
    condition: ({ random }, _, not) =>
      `-m mark ${not}--mark ${random.pick(['0x1/0x1', '0x4000/0x4000', '0x2'])}`,
  },
  { chance: 0.05, condition: physical },
  {
    chance: 0.04,
    condition: ({ random }) => `-m length --length ${random.pick(['0:60', '61:100', '101:65535'])}`,
  },
  { chance: 0.03, condition: lifetime },
  { chance: 0.02, condition: () => '-m pkttype --pkt-type unicast' },
  {
    chance: 0.1,
    condition: ({ random }) =>
      `-m comment --comment "${random.pick(['cali:x', 'a "quoted\\" one'.replaceAll('"', ''), '-j DROP'])}"`,
  },
];

/** The conditions of a random rule. */
export function randomMatches(scene: Scene, chain: Chain): string {
  const { random } = scene;
  const parts: string[] = [];
  for (const { chance, condition } of CONDITIONS) {
    if (!random.chance(chance)) continue;
    const text = condition(scene, chain, random.chance(0.2) ? '! ' : '');
    if (text !== undefined) parts.push(text);
  }
  return parts.join(' ');
}

function device(random: Scene['random'], interfaces: readonly string[]): string {
  return random.chance(0.2) ? 'cali+' : random.pick(interfaces);
}

function transport({ random, addresses }: Scene, _: Chain, not: string): string {
  const kind = random.pick(['udp', 'udp', 'tcp', 'icmp', 'multiport']);
  const protocol = random.pick(['udp', 'tcp']);
  switch (kind) {
    case 'icmp':
      return addresses.family === 4
        ? `-p icmp -m icmp ${not}--icmp-type ${random.pick(['8', 'any', '0', '8/0'])}`
        : `-p ipv6-icmp -m icmp6 ${not}--icmpv6-type ${random.pick(['128', '129'])}`;
    case 'multiport':
      return `-p ${protocol} -m multiport ${not}--${random.pick(['dports', 'ports'])} 53,8000:9000`;
    case 'tcp':
      return `-p tcp -m tcp ${random.pick([`${not}--dport ${random.pick(PORTS)}`, `${not}--tcp-flags FIN,SYN,RST,ACK SYN`, `${not}--sport 1024:65535`])}`;
    default:
      return `-p udp -m udp ${not}--dport ${random.pick(PORTS)}`;
  }
}

function limitedType({ random }: Scene, { hasIn, hasOut }: Chain, not: string): string | undefined {
  const limits = [...(hasIn ? ['--limit-iface-in'] : []), ...(hasOut ? ['--limit-iface-out'] : [])];
  return limits.length === 0 ? undefined : `-m addrtype ${not}--dst-type LOCAL ${random.pick(limits)}`;
}

function set({ random }: Scene, { hasIn, hasOut }: Chain, not: string): string | undefined {
  if (random.chance(0.1)) return `-m set ${not}--match-set ${LIST} ${random.pick(['src', 'dst'])}`;
  const name = random.pick(Object.keys(SETS) as (keyof typeof SETS)[]);
  const directions = Array.from({ length: SETS[name].directions }, () => random.pick(['src', 'dst']));
  if (name === 'network-devices') {
    if (directions[1] === 'src' ? !hasIn : !hasOut) return undefined;
  }
  return `-m set ${not}--match-set ${name} ${directions.join(',')}`;
}

function range({ random, addresses }: Scene): string {
  const [first, last] = [addresses.routedPod(1, -5), addresses.routedPod(1, 0)];
  return `-m iprange --${random.pick(['src', 'dst'])}-range ${first}-${last}`;
}

function reversePath({ random }: Scene, { table, name }: Chain): string | undefined {
  if (name !== 'PREROUTING' || (table !== 'raw' && table !== 'mangle')) return undefined;
  return `-m rpfilter ${random.pick(['--invert', '--loose', '--validmark --invert', '--accept-local', '--loose --invert'])}`;
}

function connection(scene: Scene, { table }: Chain, not: string): string | undefined {
  if (table === 'raw') return undefined;
  const { random } = scene;
  return `-m conntrack ${not}${random.pick([
    '--ctstate NEW',
    '--ctstate RELATED,ESTABLISHED',
    '--ctstate NEW,DNAT',
    '--ctstate DNAT',
    '--ctstate SNAT',
    '--ctstate INVALID',
    '--ctstate UNTRACKED',
    `--ctorigdst ${anyAddress(scene)}`,
    `--ctreplsrc ${anyAddress(scene)}`,
    `--ctorigdstport ${random.pick(PORTS)}`,
    ...(not === '' ? ['--ctdir ORIGINAL'] : []),
    '--ctproto 17',
  ])}`;
}

function physical({ random, interfaces }: Scene, { name }: Chain, not: string): string | undefined {
  if (name === 'OUTPUT') return undefined;
  const port = random.pick(interfaces.filter((found) => found !== 'lo'));
  const kinds = [`--physdev-in ${port}`, '--physdev-is-in'];
  if (name === 'FORWARD') kinds.push(`--physdev-out ${port}`, '--physdev-is-bridged');
  return `-m physdev ${not}${random.pick(kinds)}`;
}

function lifetime({ random, addresses }: Scene): string {
  const value = random.pick([62, 63, 64]);
  return addresses.family === 4 ? `-m ttl --ttl-lt ${value}` : `-m hl --hl-lt ${value}`;
}
