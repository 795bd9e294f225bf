import type { Family } from '../../net/address.ts';
import type { IptablesSave, IptablesTable } from '../../parsers/iptables-save/index.ts';
import type { NftChain, NftTable } from '../../parsers/nft/index.ts';
import {
  ip6tablesLegacySaveProbe,
  ip6tablesNftSaveProbe,
  ip6tablesSaveProbe,
  iptablesLegacySaveProbe,
  iptablesNftSaveProbe,
  iptablesSaveProbe,
  iptablesVersionProbe,
  nftRulesetProbe,
} from '../../probes/firewall.ts';
import type { Probe } from '../../probes/probe.ts';
import type { UnsurePoint } from '../choices/choices.ts';
import { IptablesRuleTable } from '../elements/iptables/table.ts';
import { NftRuleTable } from '../elements/nftables/table.ts';
import type { Chain, Table } from '../firewall/chain.ts';
import type { Hook } from '../firewall/context.ts';
import { type LinkChain, linkChains } from './link-chains.ts';
import type { Collected, NamespaceEvidence } from './namespace-evidence.ts';
import { uncollectedRules } from './uncollected-rules.ts';

/** A chain that netfilter itself calls. */
export interface BaseChain {
  readonly hook: Hook;
  /** Chains of one hook run from the lowest number on. */
  readonly priority: number;
  readonly kind: 'filter' | 'nat' | 'route';
  readonly table: Table;
  readonly chain: Chain;
  /**
   * Chains of one origin are listed in the order in which they run, where priorities are equal. Between two origins nobody knows: no
   * evidence tells which back end registered first.
   */
  readonly origin: string;
}

/** What is not known of the rules below IP. */
interface LinkDoubts {
  readonly uncollected: readonly UnsurePoint[];
  readonly damaged: readonly string[];
}

/** All base chains of one family, by priority. */
export interface Firewall {
  readonly chains: readonly BaseChain[];
  /** Kinds of rules that may be at work and were not collected. Nobody knows what they would do. */
  readonly uncollected: readonly UnsurePoint[];
  /** Chains of nftables at hooks of devices and bridges. */
  readonly linkChains: readonly LinkChain[];
  /** What may be missing among them: the ruleset as a whole, or parts of it. */
  readonly linkDoubts: LinkDoubts;
  /** Dumps that were cut or damaged, so that rules may be missing. */
  readonly damaged: readonly string[];
}

/** Priorities of the tables of iptables (`NF_IP_PRI_*`, include/uapi/linux/netfilter_ipv4.h). */
const PRIORITIES: ReadonlyMap<string, number> = new Map([
  ['raw', -300],
  ['mangle', -150],
  ['filter', 0],
  ['security', 50],
]);

const HOOKS: ReadonlyMap<string, Hook> = new Map([
  ['PREROUTING', 'prerouting'],
  ['INPUT', 'input'],
  ['FORWARD', 'forward'],
  ['OUTPUT', 'output'],
  ['POSTROUTING', 'postrouting'],
]);

const NFT_HOOKS: ReadonlySet<string> = new Set(HOOKS.values());

interface SaveProbes {
  readonly legacy: Probe<IptablesSave>;
  readonly nft: Probe<IptablesSave>;
  readonly plain: Probe<IptablesSave>;
}

const SAVE_PROBES: Readonly<Record<Family, SaveProbes>> = {
  4: { legacy: iptablesLegacySaveProbe, nft: iptablesNftSaveProbe, plain: iptablesSaveProbe },
  6: { legacy: ip6tablesLegacySaveProbe, nft: ip6tablesNftSaveProbe, plain: ip6tablesSaveProbe },
};

/**
 * Reads the rules of both back ends of iptables and those of nftables. The same rules are never taken twice.
 * `host` is the evidence of the node the namespace is on.
 */
export function readFirewall(evidence: NamespaceEvidence, host: NamespaceEvidence, family: Family): Firewall {
  const probes = SAVE_PROBES[family];
  const legacy = evidence.read(probes.legacy);
  const nft = evidence.read(probes.nft);
  const ruleset = evidence.read(nftRulesetProbe);
  const plain = plainDump(evidence.read(probes.plain), host, legacy, nft);
  const plainBackend = plain === undefined ? undefined : backendOf(plain, host);
  const dumps = [legacy, nft, plain].filter((dump) => dump !== undefined);
  const ofNft = plainBackend === 'legacy' ? [nft] : [nft, plain];
  const saved = new Map(dumps.flatMap(savedChains));
  const savedAs = (key: string, table: NftTable): IptablesTable | undefined => {
    const [own, name = ''] = key.split(' ');
    if (own !== (family === 4 ? 'ip' : 'ip6')) return undefined;
    const isSaved = (dump: Collected<IptablesSave>, found: IptablesTable): boolean =>
      dump === nft || plainBackend === 'nft' || isSameTable(found, table);
    for (const dump of ofNft) {
      const found = dump?.value.tables.get(name);
      if (dump !== undefined && found !== undefined && isSaved(dump, found)) return found;
    }
    return undefined;
  };
  const listed: BaseChain[] = [];
  for (const [key, table] of ruleset?.value.tables ?? []) {
    const source = savedAs(key, table);
    const origin = ruleset?.file ?? '';
    if (source !== undefined) {
      listed.push(...(saved.get(source) ?? []).map((base) => ({ ...base, origin })));
      saved.delete(source);
    } else if (!table.flags.includes('dormant') && isOfFamily(table, family))
      listed.push(...nftChains(table, origin));
  }
  // Of equal priorities the one registered last runs first (net/netfilter/core.c, `nf_hook_entries_grow`).
  const chains = [...[...saved.values()].flat(), ...listed.reverse()];
  chains.sort((left, right) => left.priority - right.priority);
  const uncollected = uncollectedRules(evidence, host, family, probes.legacy, {
    legacy: legacy !== undefined || plainBackend === 'legacy',
    iptablesNft: nft !== undefined || plainBackend === 'nft',
    ruleset: ruleset !== undefined,
    unknownBackend: plain !== undefined && plainBackend === undefined,
  });
  return {
    chains,
    uncollected,
    linkDoubts: {
      uncollected: uncollected.filter(({ file }) => file === evidence.pathOf(nftRulesetProbe)),
      damaged: ruleset?.complete === false ? [ruleset.file] : [],
    },
    linkChains: linkChains(ruleset?.value.tables.values() ?? [], ruleset?.file ?? ''),
    damaged: [...dumps, ruleset].flatMap((dump) => (dump?.complete === false ? [dump.file] : [])),
  };
}

/** `iptables-save` reads one of the back ends; it says nothing new where that back end's own dump was taken. */
function plainDump(
  plain: Collected<IptablesSave> | undefined,
  host: NamespaceEvidence,
  legacy: Collected<IptablesSave> | undefined,
  nft: Collected<IptablesSave> | undefined,
): Collected<IptablesSave> | undefined {
  const backend = plain === undefined ? undefined : backendOf(plain, host);
  if (backend === 'legacy' && legacy !== undefined) return undefined;
  if (backend === 'nft' && nft !== undefined) return undefined;
  return backend === undefined && (legacy !== undefined || nft !== undefined) ? undefined : plain;
}

/** The back end of a dump: its heading names it from 1.8.8 on, else the version that the host has. */
function backendOf(
  { value }: Collected<IptablesSave>,
  host: NamespaceEvidence,
): IptablesSave['backend'] | undefined {
  return value.backend ?? host.read(iptablesVersionProbe)?.value?.backend;
}

/** Whether a table of iptables-save and one of nft are the same, told by their chains and how many rules each has. */
function isSameTable(saved: IptablesTable, table: NftTable): boolean {
  return (
    saved.chains.size === table.chains.size &&
    [...saved.chains.values()].every(
      ({ name, rules }) => table.chains.get(name)?.rules.length === rules.length,
    )
  );
}

/** The base chains of each table of a dump. */
function savedChains({
  value,
  file,
}: Collected<IptablesSave>): readonly (readonly [IptablesTable, readonly BaseChain[]])[] {
  return [...value.tables.values()].map((source) => [source, tableChains(source, file)]);
}

function tableChains(source: IptablesTable, file: string): readonly BaseChain[] {
  const table = new IptablesRuleTable(source, file);
  return [...HOOKS].flatMap(([name, hook]): readonly BaseChain[] => {
    const chain = table.chain(name);
    if (chain?.policy === undefined) return [];
    const kind = source.name === 'nat' ? 'nat' : source.name === 'mangle' ? 'route' : 'filter';
    const priority = PRIORITIES.get(source.name) ?? (hook === 'prerouting' || hook === 'output' ? -100 : 100);
    return [{ hook, priority, kind, table, chain, origin: file }];
  });
}

function isOfFamily({ family }: NftTable, wanted: Family): boolean {
  return family === 'inet' || family === (wanted === 4 ? 'ip' : 'ip6');
}

function nftChains(source: NftTable, file: string): readonly BaseChain[] {
  const table = new NftRuleTable(source, file);
  return [...source.chains.values()].flatMap((found): readonly BaseChain[] => {
    const chain = table.chain(found.name);
    const { hook, priority } = found;
    if (chain === undefined || !isHook(hook) || priority === undefined) return [];
    return [{ hook, priority, kind: kindOf(found), table, chain, origin: file }];
  });
}

function isHook(hook: string | undefined): hook is Hook {
  return hook !== undefined && NFT_HOOKS.has(hook);
}

function kindOf({ type }: NftChain): BaseChain['kind'] {
  return type === 'nat' || type === 'route' ? type : 'filter';
}
