import type { Namespace } from '../../datapath/model/namespace.ts';
import type { Family } from '../../net/address.ts';
import type { IptablesRule, IptablesTable } from '../../parsers/iptables-save/index.ts';
import {
  ip6tablesLegacySaveProbe,
  ip6tablesNftSaveProbe,
  ip6tablesSaveProbe,
  iptablesLegacySaveProbe,
  iptablesNftSaveProbe,
  iptablesSaveProbe,
} from '../../probes/firewall.ts';
import { MentionIndex } from './mention.ts';
import { networksOf } from './ranges.ts';
import type { NeverMet, Shared } from './shared.ts';

const DUMPS = {
  4: [iptablesLegacySaveProbe, iptablesNftSaveProbe, iptablesSaveProbe],
  6: [ip6tablesLegacySaveProbe, ip6tablesNftSaveProbe, ip6tablesSaveProbe],
} as const;

/** All tables of all dumps of iptables of a family. */
export function* iptablesTables(
  namespace: Namespace,
  family: Family,
): Generator<{ readonly dump: string; readonly table: IptablesTable }> {
  for (const probe of DUMPS[family]) {
    for (const table of namespace.evidence.read(probe)?.value.tables.values() ?? []) {
      yield { dump: probe.id, table };
    }
  }
}

/** A network in a rule, with the rule's exact place. */
interface Literal {
  readonly network: string;
  readonly place: string;
}

/**
 * Mentions of addresses in rules of iptables that a packet in question may meet. Their order counts, so each stands for itself. What
 * kube-proxy writes is the same on all nodes, so each table is a layer.
 */
export function readIptables(
  namespace: Namespace,
  family: Family,
  index: MentionIndex,
  shared: Shared,
): void {
  for (const { dump, table } of iptablesTables(namespace, family)) {
    let layer = shared.tables.get(table);
    if (layer === undefined) {
      layer = new MentionIndex(shared.mentions, shared.networks);
      for (const { network, place } of literalsOf(table, shared.neverMet)) {
        if (network === UNREADABLE) layer.giveUp();
        else layer.addNetwork(network, `${dump} ${table.name} ${place}`);
      }
      shared.tables.set(table, layer);
    }
    index.addLayer(layer);
  }
}

const UNREADABLE = '';

function* literalsOf(table: IptablesTable, neverMet: NeverMet): Generator<Literal> {
  for (const name of chainsMet(table, neverMet)) {
    for (const [index, rule] of (table.chains.get(name)?.rules ?? []).entries()) {
      if (!/\d\.\d|[0-9a-f]:[0-9a-f:]/i.test(rule.text)) continue;
      for (const [position, { module, name: option, values }] of rule.options.entries()) {
        if (module === 'comment' || module === rule.target || option === 'jump' || option === 'goto')
          continue;
        for (const part of values.flatMap((value) => value.split(','))) {
          const place = `${name} ${index} ${position}`;
          // Masks with gaps hold addresses that make up no network.
          const isGapped = /\/[0-9a-f]*[.:]/i.test(part);
          // Nobody in question has the address of a service.
          if (neverMet.addresses.has(part.replace(/\/(?:32|128)$/, ''))) continue;
          for (const network of isGapped ? [UNREADABLE] : networksOf(part)) yield { network, place };
        }
      }
    }
  }
}

/** Chains that packets in question can get to from the base chains. */
function chainsMet(table: IptablesTable, neverMet: NeverMet): ReadonlySet<string> {
  const met = new Set(
    [...table.chains.values()].filter(({ policy }) => policy !== undefined).map(({ name }) => name),
  );
  for (const name of met) {
    for (const rule of table.chains.get(name)?.rules ?? []) {
      const { target } = rule;
      if (target === undefined || met.has(target) || !table.chains.has(target)) continue;
      if (canMatch(rule, table.name, neverMet)) met.add(target);
    }
  }
  return met;
}

function canMatch({ text }: IptablesRule, table: string, { addresses, ports }: NeverMet): boolean {
  const destination = /(?:^|[^!] )-d ([0-9a-f.:]+)\/(?:32|128) /.exec(text)?.[1];
  if (destination !== undefined && addresses.has(destination)) return false;
  // Rules of this table see first packets only, whose destination port is known.
  if (table !== 'nat') return true;
  const port = /(?:^| )-p (?:tcp|udp|sctp) .*[^!] --dport (\d+) /.exec(text)?.[1];
  return port === undefined || ports.has(Number(port));
}
