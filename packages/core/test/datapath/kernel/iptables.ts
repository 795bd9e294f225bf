import { type Chain, randomMatches } from './iptables-matches.ts';
import { randomNat } from './iptables-nat.ts';
import type { Part, Tool } from './plan.ts';
import type { Random } from './random.ts';
import type { Scene } from './scene.ts';

const CHAINS: readonly Chain[] = [
  { table: 'raw', name: 'PREROUTING', hasIn: true, hasOut: false },
  { table: 'raw', name: 'OUTPUT', hasIn: false, hasOut: true },
  { table: 'mangle', name: 'PREROUTING', hasIn: true, hasOut: false },
  { table: 'mangle', name: 'PREROUTING', hasIn: true, hasOut: false },
  { table: 'mangle', name: 'OUTPUT', hasIn: false, hasOut: true },
  { table: 'mangle', name: 'INPUT', hasIn: true, hasOut: false },
  { table: 'mangle', name: 'FORWARD', hasIn: true, hasOut: true },
  { table: 'mangle', name: 'POSTROUTING', hasIn: false, hasOut: true },
  { table: 'filter', name: 'INPUT', hasIn: true, hasOut: false },
  { table: 'filter', name: 'FORWARD', hasIn: true, hasOut: true },
  { table: 'filter', name: 'FORWARD', hasIn: true, hasOut: true },
  { table: 'filter', name: 'OUTPUT', hasIn: false, hasOut: true },
  { table: 'security', name: 'INPUT', hasIn: true, hasOut: false },
];

const DECLARED: Readonly<Record<string, readonly string[]>> = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  security: ['INPUT', 'FORWARD', 'OUTPUT'],
};

const MARKS = [
  'MARK --set-xmark 0x1/0x1',
  'MARK --set-xmark 0x2/0xffffffff',
  'MARK --set-xmark 0x4000/0x4000',
  'MARK --or-mark 0x8',
  'MARK --and-mark 0xfffffffe',
  'CONNMARK --set-xmark 0x8/0x8',
  'CONNMARK --save-mark --nfmask 0xf --ctmask 0xf',
  'CONNMARK --restore-mark --nfmask 0xf --ctmask 0xf',
];

function target(random: Random, chain: Chain): string {
  if (chain.table === 'raw') return random.pick(['CT --notrack', 'DROP', 'ACCEPT', 'RAND']);
  if (chain.table === 'mangle') return random.pick([...MARKS, 'ACCEPT', 'RAND', 'DROP']);
  return random.pick(['DROP', 'ACCEPT', 'REJECT', 'REJECT', 'RETURN', 'RAND', 'NFLOG']);
}

/** Rejects as they fit the family and the protocol of the rule. */
function rejectKind(random: Random, { addresses }: Scene, matches: string): string {
  if (/(?:^| )-p tcp/.test(matches) && random.chance(0.6)) return 'REJECT --reject-with tcp-reset';
  return `REJECT --reject-with ${
    addresses.family === 4
      ? random.pick([
          'icmp-port-unreachable',
          'icmp-host-prohibited',
          'icmp-admin-prohibited',
          'icmp-net-unreachable',
        ])
      : random.pick([
          'icmp6-port-unreachable',
          'icmp6-adm-prohibited',
          'icmp6-no-route',
          'icmp6-addr-unreachable',
        ])
  }`;
}

function rule(scene: Scene, name: string, chain: Chain, action: string, isGoto: boolean): string {
  const matches = randomMatches(scene, chain);
  const needsTranslation = chain.table === 'security' && action === 'REJECT' ? 'DROP' : action;
  const full = needsTranslation === 'REJECT' ? rejectKind(scene.random, scene, matches) : needsTranslation;
  return `-A ${name} ${matches} ${isGoto ? '-g' : '-j'} ${full}`;
}

/** A random set of iptables rules, with services as kube-proxy programs them. */
export function randomIptables(scene: Scene, tool: Tool): readonly Part[] {
  const { random, at } = scene;
  const parts: Part[] = [];
  const add = (table: string, text: string): void => {
    parts.push({ at, tool, table, text });
  };
  for (const [table, names] of Object.entries(DECLARED)) {
    for (const name of names) {
      const isClosed = table === 'filter' && name === 'FORWARD' && random.chance(0.1);
      add(table, `:${name} ${isClosed ? 'DROP' : 'ACCEPT'}`);
    }
    add(table, ':RAND -');
  }
  for (let count = random.below(14); count > 0; count--) {
    const chain = random.pick(CHAINS);
    const action = target(random, chain);
    add(chain.table, rule(scene, chain.name, chain, action, action === 'RAND' && random.chance(0.2)));
  }
  for (const table of Object.keys(DECLARED)) {
    const chain = { table, name: 'RAND', hasIn: false, hasOut: false };
    add(table, rule(scene, 'RAND', chain, target(random, chain).replace('RAND', 'RETURN'), false));
  }
  for (const text of randomNat(scene)) add('nat', text);
  return parts;
}
