import { placeIn } from '../../datapath/convert/namespace-evidence.ts';
import type { Namespace } from '../../datapath/model/namespace.ts';
import type { Network } from '../../datapath/model/network.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Family } from '../../net/address.ts';
import type { NftTable } from '../../parsers/nft/index.ts';
import { proxyModeProbe } from '../../probes/configuration.ts';
import { nftRulesetProbe } from '../../probes/firewall.ts';
import { bypassesFilters } from '../objects/other-datapaths.ts';
import { type RuleDump, ruleDumps } from '../rules/dumps.ts';

/** Where a node keeps the rules for services. */
export type ProxyRules =
  | { readonly kind: 'ipvs' }
  | { readonly kind: 'iptables'; readonly dump: RuleDump; readonly place: Evidence }
  | { readonly kind: 'nftables'; readonly table: NftTable; readonly place: Evidence };

/**
 * The rules of kube-proxy on a node, by their traces. Undefined where there are none, or where the rules were not collected
 * whole, so that a rule that is not there may exist all the same.
 */
export function proxyRules(namespace: Namespace, family: Family): ProxyRules | undefined {
  // What is left of a former kube-proxy says nothing about services then.
  if (bypassesFilters(namespace)) return undefined;
  const { uncollected, damaged } = namespace.firewall(family);
  if (uncollected.length > 0 || damaged.length > 0) return undefined;
  if (usesIpvs(namespace)) return { kind: 'ipvs' };
  const ruleset = namespace.evidence.read(nftRulesetProbe);
  const table = ruleset?.value.tables.get(`${family === 4 ? 'ip' : 'ip6'} kube-proxy`);
  if (ruleset !== undefined && table !== undefined) {
    const { file } = ruleset;
    return { kind: 'nftables', table, place: placeIn(file, table) };
  }
  for (const dump of ruleDumps(namespace, family)) {
    const chain = dump.save.tables.get('nat')?.chains.get('KUBE-SERVICES');
    if (chain !== undefined) return { kind: 'iptables', dump, place: { file: dump.file, line: chain.line } };
  }
  return undefined;
}

function usesIpvs(namespace: Namespace): boolean {
  return (
    namespace.interface('kube-ipvs0') !== undefined ||
    (namespace.ipvs?.value.length ?? 0) > 0 ||
    namespace.evidence.read(proxyModeProbe)?.value?.mode === 'ipvs'
  );
}

/** The same kind of rules on the other nodes. */
export function proxyRulesOfOthers(
  network: Network,
  namespace: Namespace,
  family: Family,
): readonly ProxyRules[] {
  return [...network.nodes.values()]
    .filter(({ host }) => host !== namespace)
    .flatMap(({ host }) => proxyRules(host, family) ?? []);
}
