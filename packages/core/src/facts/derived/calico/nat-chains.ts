import type { IptablesRule, IptablesTable } from '../../../parsers/iptables-save/index.ts';
import type { Origin } from '../../fact.ts';
import { at, type Reader } from '../../reader.ts';
import { type IptablesDump, iptablesDumps } from '../iptables-dumps/index.ts';

/** What the iptables rules of a node do with a packet that left a VXLAN device. */
export interface OuterPacketRules {
  /** Rules in the raw table keep VXLAN packets out of connection tracking, so NAT never sees them. */
  readonly untracked?: Origin;
  /** Where Calico's and kube-proxy's rules stand in nat POSTROUTING. */
  readonly order?: { readonly first: 'calico' | 'kube-proxy'; readonly origins: readonly Origin[] };
  /** KUBE-POSTROUTING takes the mark off before it masquerades; undefined where there is no such chain. */
  readonly clearsMark?: { readonly value: boolean; readonly origin: Origin };
}

/** Reads the IPv4 rules of all dumps of the node. Several back ends: the one with Calico's chains counts. */
export function outerPacketRules(read: Reader, vxlanPort: string): OuterPacketRules {
  const fact = read.fact(iptablesDumps);
  const dumps = fact.state === 'known' ? fact.value.filter(({ family }) => family === 4) : [];
  const own =
    dumps.find(({ save }) => hasCalico(save.tables.get('nat'))) ??
    dumps.find(({ save }) => hasCalico(save.tables.get('raw')));
  if (own === undefined) return {};
  const nat = own.save.tables.get('nat');
  const untracked = notrackRule(own, vxlanPort);
  const order = nat === undefined ? undefined : jumpOrder(own, nat);
  const clearsMark = nat === undefined ? undefined : markCleared(own, nat);
  return {
    ...(untracked === undefined ? {} : { untracked }),
    ...(order === undefined ? {} : { order }),
    ...(clearsMark === undefined ? {} : { clearsMark }),
  };
}

function hasCalico(table: IptablesTable | undefined): boolean {
  return table !== undefined && [...table.chains.keys()].some((name) => name.startsWith('cali-'));
}

/** `-A cali-OUTPUT -p udp -m udp --dport 4789 -j NOTRACK` (newer iptables print `-j CT --notrack`). */
function notrackRule(dump: IptablesDump, port: string): Origin | undefined {
  const rules = dump.save.tables.get('raw')?.chains.get('cali-OUTPUT')?.rules ?? [];
  const rule = rules.find(
    ({ text }) => /(?:-j NOTRACK|--notrack)\b/.test(text) && text.includes(`--dport ${port} `),
  );
  return rule === undefined ? undefined : at(dump.file, { line: rule.line });
}

function jumpOrder(dump: IptablesDump, nat: IptablesTable): OuterPacketRules['order'] {
  const rules = nat.chains.get('POSTROUTING')?.rules ?? [];
  const calico = rules.findIndex(({ target }) => target === 'cali-POSTROUTING');
  const kube = rules.findIndex(({ target }) => target === 'KUBE-POSTROUTING');
  if (calico < 0 || kube < 0) return undefined;
  const lines = [rules[calico], rules[kube]].filter((rule) => rule !== undefined);
  return {
    first: calico < kube ? 'calico' : 'kube-proxy',
    origins: lines.map(({ line }) => at(dump.file, { line })),
  };
}

/** kube-proxy since 1.16.13, 1.17.9 and 1.18.6: unmarked packets return, then the mark is flipped off. */
function markCleared(dump: IptablesDump, nat: IptablesTable): OuterPacketRules['clearsMark'] {
  const chain = nat.chains.get('KUBE-POSTROUTING');
  if (chain === undefined || chain.rules.length === 0) return undefined;
  const masquerade = chain.rules.findIndex(isMarkedMasquerade);
  const clearing = chain.rules.findIndex(({ text }) =>
    /-j MARK --(?:set-xmark|xor-mark|and-mark|set-mark)\b/.test(text),
  );
  const value = clearing >= 0 && (masquerade < 0 || clearing < masquerade);
  const line = (chain.rules[value ? clearing : Math.max(masquerade, 0)] ?? chain).line;
  return { value, origin: at(dump.file, { line }) };
}

/** With IPVS the chain may begin with a MASQUERADE for a set, which does not look at the mark. */
function isMarkedMasquerade({ text, target }: IptablesRule): boolean {
  return target === 'MASQUERADE' && !text.includes('--match-set');
}
