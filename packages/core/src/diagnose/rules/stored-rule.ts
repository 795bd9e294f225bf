import type { Namespace } from '../../datapath/model/namespace.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Family } from '../../net/address.ts';
import type { IptablesChain, IptablesRule } from '../../parsers/iptables-save/index.ts';
import type { NftChain, NftRule, NftTable } from '../../parsers/nft/index.ts';
import { nftRulesetProbe } from '../../probes/firewall.ts';
import { type RuleDump, ruleDumps } from './dumps.ts';

/** A rule that a step of a walk names, or the policy of a chain, as it stands in the dump. */
export type StoredRule =
  | {
      readonly kind: 'iptables';
      readonly dump: RuleDump;
      readonly table: string;
      readonly chain: IptablesChain;
      /** Undefined where the policy of the chain decided. */
      readonly rule: IptablesRule | undefined;
    }
  | {
      readonly kind: 'nftables';
      readonly table: NftTable;
      readonly chain: NftChain;
      readonly rule: NftRule | undefined;
    };

/** Finds the rule at a place of evidence; undefined where the evidence has no such rule or chain. */
export function storedRule(
  namespace: Namespace,
  family: Family,
  { table = '', chain = '' }: { readonly table?: string; readonly chain?: string },
  place: Evidence,
): StoredRule | undefined {
  for (const dump of ruleDumps(namespace, family)) {
    if (dump.file !== place.file) continue;
    const found = dump.save.tables.get(table)?.chains.get(chain);
    if (found === undefined) return undefined;
    const rule = found.rules.find(({ line }) => line === place.line);
    return { kind: 'iptables', dump, table, chain: found, rule };
  }
  const ruleset = namespace.evidence.read(nftRulesetProbe);
  if (ruleset?.file !== place.file) return undefined;
  const found = ruleset.value.tables.get(table);
  const inChain = found?.chains.get(chain);
  if (found === undefined || inChain === undefined) return undefined;
  const isAt = ({ line, pointer }: NftRule) => line === place.line && pointer === place.pointer;
  return { kind: 'nftables', table: found, chain: inChain, rule: inChain.rules.find(isAt) };
}

/** The words of a rule, as its tool prints them. */
export function ruleText({ rule }: StoredRule): string {
  return rule?.text ?? 'policy of the chain';
}
