import type { Place } from '../../model/evidence.ts';

/** What `nft list ruleset` and `nft -j list ruleset` print, in one form. */
export interface NftRuleset {
  /** Version of nft; only the JSON form names it. */
  readonly version?: string;
  /** Remarks of the tool, such as tables that are managed by iptables-nft. */
  readonly warnings: readonly (Place & { readonly text: string })[];
  /** By family and name with a space between them, for example `ip kube-proxy`, in the order of the text. */
  readonly tables: ReadonlyMap<string, NftTable>;
}

/** One table. */
export interface NftTable extends Place {
  /** ip, ip6, inet, arp, bridge or netdev. */
  readonly family: string;
  readonly name: string;
  readonly handle?: number;
  readonly comment?: string;
  /** `dormant` (its rules do nothing), `owner`, `persist`. */
  readonly flags: readonly string[];
  /** False when the text ends within the table: chains, rules and elements may be missing. */
  readonly isComplete: boolean;
  readonly chains: ReadonlyMap<string, NftChain>;
  /** Sets and maps share one space of names. */
  readonly sets: ReadonlyMap<string, NftSet>;
  readonly flowtables: ReadonlyMap<string, NftFlowtable>;
  /** Named counters, quotas, limits, conntrack helpers, … */
  readonly objects: readonly NftObject[];
}

/** One chain. A base chain has `type`, `hook` and `priority`; others are only reached by jumps. */
export interface NftChain extends Place {
  readonly name: string;
  readonly handle?: number;
  readonly comment?: string;
  /** filter, nat or route. */
  readonly type?: string;
  /** prerouting, input, forward, output, postrouting, ingress or egress. */
  readonly hook?: string;
  /** As a number, also where the text names it (`dstnat - 10` is -110). */
  readonly priority?: number;
  /** accept or drop. */
  readonly policy?: string;
  readonly devices: readonly string[];
  readonly rules: readonly NftRule[];
}

/** One rule. */
export interface NftRule extends Place {
  readonly handle?: number;
  /**
   * The statements in the words of nft, without comment and handle. The JSON form is put into the same words; numbers and
   * the order of flags may be written differently than the text form does.
   */
  readonly text: string;
  /** The text cut into words; made anew at each access. */
  readonly tokens: readonly NftToken[];
  /** The statements as the JSON form has them. */
  readonly expr?: readonly unknown[];
  readonly comment?: string;
  /** Of the first counter statement. */
  readonly packets?: number;
  readonly bytes?: number;
  /** All that can end the walk through the chain here, also those within a verdict map written into the rule. */
  readonly verdicts: readonly NftVerdict[];
  /** Names after `@`: sets, maps and flowtables the rule uses. */
  readonly setNames: readonly string[];
  /**
   * True when an iptables extension stands in the rule of which nft shows only the name or nothing. A comment of iptables
   * is such an extension, so the rule may still be shown in full.
   */
  readonly isPartlyShown: boolean;
}

/** A word of a rule. */
export interface NftToken {
  readonly kind: 'word' | 'string' | 'punctuation';
  /** Strings without their quotes. */
  readonly text: string;
}

/** What a rule or a map element does with the packet. */
export interface NftVerdict {
  readonly kind: 'accept' | 'drop' | 'return' | 'continue' | 'reject' | 'queue' | 'jump' | 'goto';
  /** With jump and goto. */
  readonly chain?: string;
}

/** A named set or map. */
export interface NftSet extends Place {
  readonly kind: 'set' | 'map';
  readonly name: string;
  readonly handle?: number;
  readonly comment?: string;
  /** Type of the elements: `ipv4_addr . inet_proto . inet_service`, or an expression such as `ip daddr` with `typeof`. */
  readonly type: string;
  /** What a map leads to: `verdict`, `ipv4_addr`, … */
  readonly dataType?: string;
  /** constant, interval, timeout, dynamic. */
  readonly flags: readonly string[];
  readonly size?: number;
  /** Seconds. */
  readonly timeout?: number;
  readonly elements: readonly NftElement[];
}

/** One element of a set or map. */
export interface NftElement extends Place {
  /** Parts joined with ` . `; `*` stands for everything else. */
  readonly key: string;
  /** `10.96.0.1`, `10.0.0.0/8`, `1024-2047`, `eth0`, … without quotes. */
  readonly parts: readonly string[];
  /** With maps: what the key leads to, as text without quotes. */
  readonly data?: string;
  /** With verdict maps. */
  readonly verdict?: NftVerdict;
  readonly comment?: string;
  /** Seconds. */
  readonly timeout?: number;
  readonly expires?: number;
  readonly packets?: number;
  readonly bytes?: number;
}

/** A flowtable: established connections take a shortcut between its devices. */
export interface NftFlowtable extends Place {
  readonly name: string;
  readonly handle?: number;
  readonly hook?: string;
  readonly priority?: number;
  readonly devices: readonly string[];
  readonly flags: readonly string[];
}

/** A named object other than a set. */
export interface NftObject extends Place {
  /** `counter`, `quota`, `limit`, `ct helper`, `ct timeout`, … */
  readonly kind: string;
  readonly name: string;
  readonly handle?: number;
  readonly comment?: string;
  readonly packets?: number;
  readonly bytes?: number;
}
