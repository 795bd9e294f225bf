import { PORTS } from './plan.ts';
import { anyAddress, type Scene } from './scene.ts';

type Condition = (scene: Scene) => string;

/** Conditions for every hook. None goes by chance: in a routing loop that gives more ways than can be walked. */
const ANYWHERE: readonly Condition[] = [
  (scene) => `${ip(scene)} saddr ${not(scene)}${anyAddress(scene)}`,
  (scene) => `${ip(scene)} daddr ${not(scene)}${anyAddress(scene)}`,
  (scene) => `${ip(scene)} daddr ${not(scene)}{ ${hosts(scene)}, ${scene.addresses.underlay} }`,
  (scene) => `${ip(scene)} saddr ${not(scene)}@nets`,
  (scene) => `${ip(scene)} daddr @nets`,
  (scene) => `${ip(scene)} saddr . ${ip(scene)} daddr @pairs`,
  ({ addresses }) => (addresses.family === 4 ? 'ip ttl < 64' : 'ip6 hoplimit < 64'),
  ({ random }) =>
    `ct state ${random.pick(['new', 'established,related', 'invalid', '{ new, established }', 'untracked', '!= new', '! new'])}`,
  ({ random }) => `ct status ${random.pick(['dnat', 'snat'])}`,
  ({ random }) => `ct mark ${random.pick(['0x8', '& 0x8 == 0x8', '!= 0x0'])}`,
  ({ random }) => `ct direction ${random.pick(['original', 'reply'])}`,
  (scene) => `ct original ${ip(scene)} daddr ${anyAddress(scene)}`,
  ({ random }) => `meta mark ${random.pick(['& 0x1 == 0x1', '0x1', '!= 0x0', '& 0x4000 != 0x4000'])}`,
  ({ random }) => `meta length ${random.pick(['<= 60', '> 100'])}`,
  ({ random }) => `fib daddr type ${random.pick(['local', '!= local', '{ local, unicast }'])}`,
  () => 'fib saddr type local',
  (scene) => `${ip(scene)} version ${scene.addresses.family}`,
  () => 'ct mark 0x0',
];

/** Conditions about what is carried: a rule takes one of them at most, as nft refuses those that exclude each other. */
const TRANSPORT: readonly Condition[] = [
  (scene) => `${ip(scene)} daddr . meta l4proto . th dport ${not(scene)}@portals`,
  ({ random }) => `udp dport ${random.pick(['{ 53, 8000-9000 }', '80', '!= 80', '80-8080', '> 80'])}`,
  ({ random }) => `tcp dport ${random.pick(['{ 53, 8000-9000 }', '80', '!= 80', '@ports'])}`,
  ({ random }) => `meta l4proto ${random.pick(['udp', 'tcp', '{ tcp, udp }', '!= tcp'])}`,
  ({ random }) => `th dport ${random.pick(PORTS)}`,
  ({ random }) => `th dport ${random.pick(['{ 53, 80 }', '!= 8000-9000'])}`,
  ({ random }) =>
    `tcp flags ${random.pick(['syn / syn,ack', '& (syn | ack) == syn', '== syn', '& ack != 0x0', '!= syn', '! ack', 'syn,ack'])}`,
  ({ addresses }) => (addresses.family === 4 ? 'icmp type echo-request' : 'icmpv6 type echo-request'),
  ({ addresses }) => (addresses.family === 4 ? 'ip protocol udp' : 'ip6 nexthdr udp'),
  (scene) =>
    `${ip(scene)} daddr . th dport { ${scene.random.pick(scene.hosts)} . 80, ${scene.addresses.allPods} . 8000-9000 }`,
];

const COMING_IN: readonly Condition[] = [
  ({ random, interfaces }) =>
    `iifname ${random.pick(['"cali*"', '{ "eth0", "br0" }', '!= "eth0"', `"${random.pick(interfaces)}"`])}`,
  ({ random }) => `fib saddr . iif oif ${random.pick(['!= 0', '0'])}`,
  () => 'fib daddr . iif type local',
  ({ interfaces }) => `iif ${interfaces.includes('eth0') ? 'eth0' : 'lo'}`,
];

const GOING_OUT: readonly Condition[] = [
  ({ random, interfaces }) =>
    `oifname ${random.pick(['"cali*"', '{ "eth0", "br0" }', '!= "eth0"', `"${random.pick(interfaces)}"`])}`,
];

/** Where a rule stands. */
export interface Where {
  /** Empty where it can be reached from any hook. */
  readonly hook: string;
  readonly isInet: boolean;
}

/** Conditions that fit a place; `fib` fits only where a packet comes in or a node asks. */
export function nftMatches(scene: Scene, { hook, isInet }: Where, mayHaveTransport = true): string {
  const { random } = scene;
  const comesIn = hook === 'prerouting' || hook === 'input' || hook === 'forward';
  const fitting = [
    ...ANYWHERE,
    ...(comesIn ? COMING_IN : []),
    ...(hook === 'output' || hook === 'postrouting' || hook === 'forward' ? GOING_OUT : []),
  ];
  const texts = Array.from({ length: 1 + random.below(2) }, () => random.pick(fitting)(scene));
  if (isInet && random.chance(0.1)) texts.push(`meta nfproto ipv${scene.addresses.family}`);
  if (mayHaveTransport && random.chance(0.6)) texts.push(random.pick(TRANSPORT)(scene));
  return [...new Set(texts)]
    .filter((text) => !text.startsWith('fib') || (hook !== '' && hook !== 'postrouting'))
    .filter((text) => !text.startsWith('fib saddr . iif') || hook === 'prerouting' || hook === 'input')
    .join(' ');
}

function ip({ addresses }: Scene): string {
  return addresses.family === 4 ? 'ip' : 'ip6';
}

function not({ random }: Scene): string {
  return random.chance(0.2) ? '!= ' : '';
}

function hosts({ random, hosts: all, addresses }: Scene): string {
  const outside = all.filter(
    (address) => !address.startsWith(addresses.family === 4 ? '192.168.50.' : 'fd50:'),
  );
  return [...new Set([random.pick(outside), random.pick(outside)])].join(', ');
}
