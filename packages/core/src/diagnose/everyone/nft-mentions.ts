import type { Namespace } from '../../datapath/model/namespace.ts';
import type { NftElement, NftRule, NftRuleset, NftTable } from '../../parsers/nft/index.ts';
import { nftRulesetProbe } from '../../probes/firewall.ts';
import { MentionIndex } from './mention.ts';
import { networksOf } from './ranges.ts';
import type { NeverMet, Shared } from './shared.ts';

/** What one ruleset mentions. */
export interface NftMentions {
  readonly layer: MentionIndex;
  /** All words of rules and sets, which may be names of devices. */
  readonly words: ReadonlySet<string>;
}

/** Mentions of addresses in rules and sets of nftables that a packet in question may meet, which make up a layer. */
export function readNftables(namespace: Namespace, index: MentionIndex, shared: Shared): void {
  const read = readOf(namespace, shared);
  if (read !== undefined) index.addLayer(read.layer);
}

/** All words in nftables' rules and sets. */
export function wordsOfNftables(namespace: Namespace, shared: Shared): ReadonlySet<string> {
  return readOf(namespace, shared)?.words ?? new Set();
}

function readOf(
  namespace: Namespace,
  { neverMet, rulesets: cache, mentions, networks }: Shared,
): NftMentions | undefined {
  const ruleset = namespace.evidence.read(nftRulesetProbe)?.value;
  if (ruleset === undefined) return undefined;
  let read = cache.get(ruleset);
  if (read === undefined) {
    read = readRuleset(ruleset, neverMet, new MentionIndex(mentions, networks));
    cache.set(ruleset, read);
  }
  return read;
}

function readRuleset(ruleset: NftRuleset, neverMet: NeverMet, layer: MentionIndex): NftMentions {
  const words = new Set<string>();
  const note = (text: string, place: string): void => {
    if (!/[.:]/.test(text)) return;
    for (const network of networksOf(text)) layer.addNetwork(network, place);
  };
  for (const [key, table] of ruleset.tables) {
    const { chains, sets } = met(table, neverMet);
    for (const name of chains) {
      for (const [at, rule] of (table.chains.get(name)?.rules ?? []).entries()) {
        const texts = rule.tokens.map(({ text }) => text);
        for (const [position, text] of texts.entries()) {
          words.add(text);
          note(text, `nft ${key} ${name} ${at} ${position}`);
        }
        // Addresses are computed with in a way that a network does not show.
        if (
          texts.some((text) => /^[&|^]|^(?:and|or|xor)$/.test(text)) &&
          texts.some((text) => /\d[.:]/.test(text))
        )
          layer.giveUp();
      }
    }
    for (const name of sets) {
      for (const element of table.sets.get(name)?.elements ?? [])
        noteElement(element, `nft ${key} set ${name}`, words, note);
    }
  }
  return { layer, words };
}

function noteElement(
  { parts, data, verdict }: NftElement,
  where: string,
  words: Set<string>,
  note: (text: string, place: string) => void,
): void {
  for (const [position, part] of parts.entries()) {
    words.add(part);
    const others = parts.map((other, at) => (at === position ? part.slice(part.search(/\/|$/)) : other));
    note(
      part,
      `${where} ${position} ${others.join()} ${data ?? ''} ${verdict?.kind ?? ''} ${verdict?.chain ?? ''}`,
    );
  }
}

/** Chains that packets in question can get to from the base chains, and the sets that are asked there. */
function met(
  table: NftTable,
  neverMet: NeverMet,
): { readonly chains: ReadonlySet<string>; readonly sets: ReadonlySet<string> } {
  const bases = [...table.chains.values()].filter(({ hook }) => hook !== undefined);
  const chains = new Set(bases.map(({ name }) => name));
  const sets = new Set<string>();
  for (const name of chains) {
    for (const rule of table.chains.get(name)?.rules ?? []) {
      for (const set of rule.setNames) sets.add(set);
      for (const chain of targetsOf(rule, table, neverMet)) if (table.chains.has(chain)) chains.add(chain);
    }
  }
  return { chains, sets };
}

function* targetsOf(rule: NftRule, table: NftTable, neverMet: NeverMet): Generator<string> {
  for (const { chain } of rule.verdicts) if (chain !== undefined) yield chain;
  for (const name of rule.setNames) {
    for (const element of table.sets.get(name)?.elements ?? []) {
      const chain = element.verdict?.chain;
      if (chain !== undefined && canMatch(element, neverMet)) yield chain;
    }
  }
}

/** kube-proxy's maps lead to services by address, or by protocol and port on the node. */
function canMatch({ parts }: NftElement, { addresses, ports }: NeverMet): boolean {
  if (parts.some((part) => addresses.has(part))) return false;
  const [protocol = '', port = ''] = parts;
  const isPort = parts.length === 2 && /^(?:tcp|udp|sctp)$/.test(protocol) && /^\d+$/.test(port);
  return !isPort || ports.has(Number(port));
}
