import type { Place } from '../../model/evidence.ts';

/** The output of `iptables-save` or `ip6tables-save`. */
export interface IptablesSave {
  /** Kernel interface the rules were read through. Absent where the heading does not tell. */
  readonly backend?: 'legacy' | 'nft';
  /** Version of the tool, without `v`, from the first heading that names one. */
  readonly toolVersion?: string;
  /** Remarks of the tool: tables of the other back end, tables or chains it could not show. */
  readonly warnings: readonly (Place & { readonly text: string })[];
  /** Tables that exist but were not printed because iptables cannot express their rules. */
  readonly hiddenTables: readonly (Place & { readonly name: string })[];
  /** By name, in the order of the text. */
  readonly tables: ReadonlyMap<string, IptablesTable>;
}

/** One table, from its `*name` line to `COMMIT`. */
export interface IptablesTable {
  readonly name: string;
  readonly line: number;
  /** False when the text ends or the next table begins before `COMMIT`: rules and chains may be missing. */
  readonly committed: boolean;
  /** By name, in the order of the text. */
  readonly chains: ReadonlyMap<string, IptablesChain>;
}

/** One chain of a table. */
export interface IptablesChain {
  readonly name: string;
  /** ACCEPT, DROP, …; absent for chains that are not built in. */
  readonly policy?: string;
  /** Packets and bytes the policy decided on. */
  readonly packets?: number;
  readonly bytes?: number;
  /** Where it is declared, or its first rule if the declaration is missing. */
  readonly line: number;
  readonly rules: readonly IptablesRule[];
}

/** One rule. Text and options are cut from the dump when they are asked for. */
export interface IptablesRule {
  readonly line: number;
  /** As printed, without counters and without `-A CHAIN `. */
  readonly text: string;
  /** Absent when the dump was made without counters. */
  readonly packets?: number | undefined;
  readonly bytes?: number | undefined;
  /** What follows `-j` or `-g`. Absent when the rule only counts. */
  readonly target?: string | undefined;
  /** True for `-g`: the chain is entered without coming back here. */
  readonly targetIsGoto: boolean;
  /** True when iptables printed a note such as `[unsupported revision]` in the place of a match or target. */
  readonly isPartlyShown: boolean;
  /** Decoded anew at each access; keep the result when it is needed twice. */
  readonly options: readonly RuleOption[];
}

/**
 * One option of a rule.
 *
 * ```text
 * ! -s 10.0.0.0/8 -m tcp --dport 53 -j REJECT --reject-with tcp-reset
 *   { name: 'source', negated: true, values: ['10.0.0.0/8'] }
 *   { name: 'match', negated: false, values: ['tcp'], module: 'tcp' }
 *   { name: 'dport', negated: false, values: ['53'], module: 'tcp' }
 *   { name: 'jump', negated: false, values: ['REJECT'] }
 *   { name: 'reject-with', negated: false, values: ['tcp-reset'], module: 'REJECT' }
 * ```
 */
export interface RuleOption {
  /**
   * Long name without dashes. Short forms and other spellings of the options every rule can have are made one:
   * `source`, `destination`, `protocol`, `in-interface`, `out-interface`, `fragment`, `match`, `jump`, `goto`,
   * and of ports `sport`, `dport`, `sports`, `dports`.
   */
  readonly name: string;
  /** Whether `!` stands before it (or, as iptables before 1.4.3 printed it, before its value). */
  readonly negated: boolean;
  /** Values with quotes and escapes taken off; a list such as `80,443` stays one value. */
  readonly values: readonly string[];
  /** The latest match or target named before it. Absent for options every rule can have, and where none was named. */
  readonly module?: string;
}
