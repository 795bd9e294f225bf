import type { NftChain, NftTable } from '../../parsers/nft/index.ts';
import { NftRuleTable } from '../elements/nftables/table.ts';
import type { Chain, Table } from '../firewall/chain.ts';
import type { LinkHook } from '../firewall/context.ts';

/** A chain of nftables at such a hook. */
export interface LinkChain {
  readonly hook: LinkHook;
  readonly priority: number;
  /** Empty where it is for all interfaces. */
  readonly devices: readonly string[];
  readonly table: Table;
  readonly chain: Chain;
  /** Why its rules can not be walked; undefined where they can. */
  readonly obstacle?: string;
}

/** Chains at the hooks of devices, of bridges and of ARP, by priority. */
export function linkChains(tables: Iterable<NftTable>, file: string): readonly LinkChain[] {
  return [...tables]
    .flatMap((table) => chainsOf(table, file))
    .sort((left, right) => left.priority - right.priority);
}

function chainsOf(source: NftTable, file: string): readonly LinkChain[] {
  if (source.flags.includes('dormant')) return [];
  const table = new NftRuleTable(source, file);
  return [...source.chains.values()].flatMap((found): readonly LinkChain[] => {
    const hook = linkHook(source, found);
    const chain = table.chain(found.name);
    const isEmpty = found.rules.length === 0 && found.policy !== 'drop';
    if (hook === undefined || chain === undefined || isEmpty) return [];
    const obstacle = obstacleIn(source, found);
    const { priority = 0, devices } = found;
    return [{ hook, priority, devices, table, chain, ...(obstacle === undefined ? {} : { obstacle }) }];
  });
}

function linkHook({ family }: NftTable, { hook }: NftChain): LinkHook | undefined {
  if (hook === 'ingress' || hook === 'egress') return hook;
  if (family === 'arp') return hook === 'input' || hook === 'output' ? `arp ${hook}` : undefined;
  if (family !== 'bridge') return undefined;
  switch (hook) {
    case 'prerouting':
    case 'input':
    case 'forward':
    case 'output':
    case 'postrouting':
      return `bridge ${hook}`;
    default:
      return undefined;
  }
}

/** Connections of frames are another matter than those of packets (net/bridge/netfilter/nf_conntrack_bridge.c). */
function obstacleIn({ chains }: NftTable, { name, hook }: NftChain): string | undefined {
  const usesConnections = [...chains.values()].some(({ rules }) =>
    rules.some(({ text }) => /\bct /.test(text)),
  );
  return usesConnections
    ? `chain ${name} at hook ${hook} asks for connections of frames, which are not modelled`
    : undefined;
}
