import type { ServiceProxy } from '../cluster/options.ts';
import { type Command, inside } from '../netns/command.ts';

export type Family = 4 | 6;

/** The tool of a family in the back end that a proxy uses: `iptables-nft`, `ip6tables-legacy`, … */
export function iptablesTool(proxy: ServiceProxy, family: Family): string {
  return `ip${family === 6 ? '6' : ''}tables-${proxy === 'iptables-legacy' ? 'legacy' : 'nft'}`;
}

/** Loads rules beside those that are there; chains that the input declares are emptied first. */
export function restore(netns: string, tool: string, rules: string): Command {
  return inside(netns, [`${tool}-restore`, '--noflush'], rules);
}

/** Tables of rules as input of a restore tool: for each table its own chains and its rules. */
export function formatTables(tables: Readonly<Record<string, TableRules>>): string {
  return Object.entries(tables)
    .flatMap(([name, { chains, rules }]) => [
      `*${name}`,
      ...chains.map((chain) => `:${chain} - [0:0]`),
      ...rules,
      'COMMIT',
    ])
    .map((line) => `${line}\n`)
    .join('');
}

export interface TableRules {
  /** Chains of its own, which are made or emptied. */
  readonly chains: readonly string[];
  /** Rules with their `-A` or `-I`. */
  readonly rules: readonly string[];
}
