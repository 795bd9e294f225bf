import type { Network } from '../../datapath/model/network.ts';
import { formatAddress, parseAddress } from '../../net/address.ts';
import type { Ipset } from '../../parsers/ipset/index.ts';
import type { IptablesTable } from '../../parsers/iptables-save/index.ts';
import type { NftRuleset } from '../../parsers/nft/index.ts';
import type { DevicePrograms } from './device-programs.ts';
import { Interner } from './interner.ts';
import { Landmarks } from './landmarks.ts';
import type { Member } from './members.ts';
import { type MentionIndex, MentionLists } from './mention.ts';
import { MentionedNetworks } from './networks.ts';
import type { NftMentions } from './nft-mentions.ts';
import type { SetMentions } from './read-mentions.ts';
import { iptablesTables } from './rule-mentions.ts';

/** What surely stands in no packet that is asked about. */
export interface NeverMet {
  /** Addresses of services and of nothing else. */
  readonly addresses: ReadonlySet<string>;
  /** Ports that are asked for; first packets have no other destination port. */
  readonly ports: ReadonlySet<number>;
}

/** What all readers of one check share. Parts that several nodes have alike are read once. */
export interface Shared {
  readonly network: Network;
  readonly interner: Interner;
  /** Numbers of views, apart from all others: they are few, and asked for at every pair. */
  readonly viewNumbers: Interner;
  readonly landmarks: Landmarks;
  readonly networks: MentionedNetworks;
  readonly mentions: MentionLists;
  readonly neverMet: NeverMet;
  /** Whether any rules of the cluster see frames, ARP among them. */
  readonly filtersFrames: boolean;
  /** Names of the network namespaces of pods that were collected. */
  readonly collected: ReadonlySet<string>;
  /** Tables that several nodes have alike. */
  readonly commonTables: ReadonlySet<IptablesTable>;
  readonly programs: Map<IptablesTable, DevicePrograms>;
  readonly bridgePorts: Map<IptablesTable, readonly string[]>;
  /** What each table mentions. */
  readonly tables: Map<IptablesTable, MentionIndex>;
  readonly rulesets: Map<NftRuleset, NftMentions>;
  /** What each dump of ipsets mentions. */
  readonly sets: Map<ReadonlyMap<string, Ipset>, SetMentions>;
}

export function makeShared(network: Network, members: readonly Member[]): Shared {
  const interner = new Interner();
  const landmarks = new Landmarks(network, interner);
  return {
    network,
    interner,
    viewNumbers: new Interner(),
    landmarks,
    networks: new MentionedNetworks(),
    mentions: new MentionLists(interner),
    neverMet: {
      addresses: serviceAddresses(network, members),
      ports: new Set(members.map(({ port }) => port)),
    },
    filtersFrames: [...network.namespaces()].some((namespace) => namespace.firewall(4).linkChains.length > 0),
    collected: new Set([...network.nodes.values()].flatMap(({ namespaces }) => [...namespaces.keys()])),
    commonTables: commonTables(network),
    programs: new Map(),
    bridgePorts: new Map(),
    tables: new Map(),
    rulesets: new Map(),
    sets: new Map(),
  };
}

function commonTables(network: Network): ReadonlySet<IptablesTable> {
  const seen = new Set<IptablesTable>();
  const common = new Set<IptablesTable>();
  for (const { host } of network.nodes.values()) {
    for (const family of [4, 6] as const) {
      for (const { table } of iptablesTables(host, family)) {
        if (seen.has(table)) common.add(table);
        seen.add(table);
      }
    }
  }
  return common;
}

interface ServiceFields {
  readonly spec?: { readonly clusterIP?: unknown; readonly clusterIPs?: unknown };
}

/** Cluster addresses that no interface and no member has. */
function serviceAddresses(network: Network, members: readonly Member[]): ReadonlySet<string> {
  const addresses = new Set<string>();
  for (const { object } of network.objects('services') ?? []) {
    const { spec } = object as ServiceFields;
    const all: readonly unknown[] = Array.isArray(spec?.clusterIPs) ? spec.clusterIPs : [spec?.clusterIP];
    for (const text of all) {
      const address = typeof text === 'string' ? parseAddress(text) : undefined;
      if (address !== undefined && network.ownersOf(address).length === 0)
        addresses.add(formatAddress(address));
    }
  }
  for (const { address } of members) addresses.delete(formatAddress(address));
  return addresses;
}
