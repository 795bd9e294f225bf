import type { IptablesChain, IptablesRule, IptablesTable } from '../../../parsers/iptables-save/index.ts';
import { isTargetExtension } from '../../../parsers/iptables-save/targets.ts';
import type { Chain, Rule, Table } from '../../firewall/chain.ts';
import type { RuleContext } from '../../firewall/context.ts';
import { compileRule } from './compile.ts';
import { destinationIndex } from './destination-index.ts';

/** From this many rules on, a chain is indexed by the destinations that its rules name. */
const INDEX_FROM = 32;

/** A table of iptables-save, made ready for walking. Rules are decoded when a packet first meets them. */
export class IptablesRuleTable implements Table {
  readonly element = 'iptables';
  readonly name: string;
  readonly #table: IptablesTable;
  readonly #file: string;
  readonly #chains = new Map<string, IptablesRuleChain>();

  constructor(table: IptablesTable, file: string) {
    this.name = table.name;
    this.#table = table;
    this.#file = file;
  }

  chain(name: string): Chain | undefined {
    let chain = this.#chains.get(name);
    if (chain !== undefined) return chain;
    const source = this.#table.chains.get(name);
    if (source === undefined) return undefined;
    chain = new IptablesRuleChain(source, this.#file, (target) => this.#isChain(target));
    this.#chains.set(name, chain);
    return chain;
  }

  /** Chains may have the names of extensions; what the dump declares is a chain. */
  #isChain(target: string): boolean {
    return this.#table.chains.has(target) || !isTargetExtension(target);
  }
}

class IptablesRuleChain implements Chain {
  readonly name: string;
  readonly place: { readonly file: string; readonly line: number };
  readonly policy?: 'accept' | 'drop';
  readonly #source: IptablesChain;
  readonly #isChain: (target: string) => boolean;
  readonly #compiled = new Map<number, Rule>();

  constructor(source: IptablesChain, file: string, isChain: (target: string) => boolean) {
    this.name = source.name;
    this.place = { file, line: source.line };
    if (source.policy !== undefined) this.policy = source.policy === 'ACCEPT' ? 'accept' : 'drop';
    this.#source = source;
    this.#isChain = isChain;
  }

  *rules(context: RuleContext): Generator<Rule> {
    const { rules } = this.#source;
    if (rules.length < INDEX_FROM) {
      for (const [index, rule] of rules.entries()) yield this.#rule(index, rule);
      return;
    }
    for (const index of destinationIndex(rules).candidates(context.packet)) {
      const rule = rules[index];
      if (rule !== undefined) yield this.#rule(index, rule);
    }
  }

  #rule(index: number, rule: IptablesRule): Rule {
    let compiled = this.#compiled.get(index);
    if (compiled === undefined) {
      compiled = compileRule(rule, this.place.file, this.#isChain);
      this.#compiled.set(index, compiled);
    }
    return compiled;
  }
}
