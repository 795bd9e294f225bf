import type { Family } from '../../net/address.ts';
import type { IptablesSave } from '../../parsers/iptables-save/index.ts';
import { nftRulesetProbe } from '../../probes/firewall.ts';
import type { AnyProbe, Probe } from '../../probes/probe.ts';
import type { UnsurePoint } from '../choices/choices.ts';
import { isSurelyAbsent, LEGACY_TABLES, NF_TABLES } from './kernel-parts.ts';
import type { NamespaceEvidence } from './namespace-evidence.ts';

/** Which kinds of rules a namespace shows. */
export interface CollectedRules {
  readonly legacy: boolean;
  /** The dump of iptables-nft, which leaves out all tables that others made. */
  readonly iptablesNft: boolean;
  readonly ruleset: boolean;
  /** A dump of iptables of which nobody knows the back end. */
  readonly unknownBackend: boolean;
}

/**
 * Kinds of rules that can be at work in a namespace and were not collected. Rules of one kind say nothing about the others:
 * the kernel runs those of legacy iptables and of nftables side by side.
 *
 * Namespaces of pods hardly ever have rules, and are named only where nothing at all was collected of them.
 */
export function uncollectedRules(
  evidence: NamespaceEvidence,
  host: NamespaceEvidence,
  family: Family,
  legacyProbe: Probe<IptablesSave>,
  { legacy, iptablesNft, ruleset, unknownBackend }: CollectedRules,
): readonly UnsurePoint[] {
  const missing = (probe: AnyProbe, text: string): UnsurePoint => ({
    file: evidence.pathOf(probe),
    text: `not collected: ${text}`,
    isMissing: true,
  });
  const needsLegacy = !legacy && !isSurelyAbsent(host, LEGACY_TABLES[family]);
  const needsRuleset = !ruleset && !isSurelyAbsent(host, NF_TABLES);
  const hasNone = !legacy && !iptablesNft && !ruleset && !unknownBackend;
  if (hasNone && (needsLegacy || needsRuleset)) return [missing(nftRulesetProbe, 'packet filter rules')];
  if (evidence !== host) return [];
  const onlyIf = unknownBackend ? ', if those of iptables-save are of the other back end' : '';
  return [
    ...(needsLegacy ? [missing(legacyProbe, `${legacyProbe.title}${onlyIf}`)] : []),
    ...(needsRuleset
      ? [
          missing(
            nftRulesetProbe,
            iptablesNft ? 'tables of nftables beside those of iptables' : 'nftables ruleset',
          ),
        ]
      : []),
  ];
}
