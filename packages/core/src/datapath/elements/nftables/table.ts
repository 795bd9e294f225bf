import type { Evidence } from '../../../model/evidence.ts';
import type { NftChain, NftRule, NftTable } from '../../../parsers/nft/index.ts';
import type { Chain, Rule, Statement, Table } from '../../firewall/chain.ts';
import { ACCEPT, DROP, type StatementResult } from '../../firewall/verdict.ts';
import { Cursor, NotUnderstood } from './cursor.ts';
import type { Scope } from './expression.ts';
import { verdictResult } from './match.ts';
import { SetIndexes } from './sets.ts';
import { readStatement } from './statements.ts';

/** A table of nftables, made ready for walking. Rules are read when a packet first meets them. */
export class NftRuleTable implements Table {
  readonly element = 'nftables';
  readonly name: string;
  readonly #table: NftTable;
  readonly #file: string;
  readonly #scope: Scope;
  readonly #chains = new Map<string, Chain>();

  constructor(table: NftTable, file: string) {
    this.name = `${table.family} ${table.name}`;
    this.#table = table;
    this.#file = file;
    const indexes = new SetIndexes(table.sets);
    this.#scope = { table, index: (name, types) => indexes.get(name, types) };
  }

  chain(name: string): Chain | undefined {
    let chain = this.#chains.get(name);
    if (chain !== undefined) return chain;
    const source = this.#table.chains.get(name);
    if (source === undefined) return undefined;
    chain = new NftRuleChain(source, this.#file, this.#scope);
    this.#chains.set(name, chain);
    return chain;
  }
}

class NftRuleChain implements Chain {
  readonly name: string;
  readonly place: Evidence;
  readonly policy?: 'accept' | 'drop';
  readonly #source: NftChain;
  readonly #scope: Scope;
  #rules: readonly Rule[] | undefined;

  constructor(source: NftChain, file: string, scope: Scope) {
    this.name = source.name;
    this.place = placeOf(source, file);
    if (source.hook !== undefined) this.policy = source.policy === 'drop' ? 'drop' : 'accept';
    this.#source = source;
    this.#scope = scope;
  }

  rules(): Iterable<Rule> {
    this.#rules ??= this.#source.rules.map((rule) => compileRule(rule, this.place.file, this.#scope));
    return this.#rules;
  }
}

function placeOf(record: Omit<Evidence, 'file'>, file: string): Evidence {
  return {
    file,
    ...(record.line === undefined ? {} : { line: record.line }),
    ...(record.pointer === undefined ? {} : { pointer: record.pointer }),
  };
}

/**
 * Makes a rule ready for walking.
 * Where it says something that is not modelled, what was read before that still holds, and the rest could do anything that
 * the rule can end in.
 */
function compileRule(rule: NftRule, file: string, scope: Scope): Rule {
  const cursor = new Cursor(rule.tokens);
  const statements: Statement[] = [];
  try {
    while (!cursor.isAtEnd) {
      const statement = readStatement(cursor, scope);
      if (statement !== undefined) statements.push(statement);
    }
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    statements.push(openEnd(rule, error.message));
  }
  return { place: placeOf(rule, file), text: rule.text, statements };
}

function openEnd(rule: NftRule, reason: string): Statement {
  const verdicts = rule.verdicts.map(verdictResult);
  const outcomes: readonly StatementResult[] = ['break', ...verdicts, ACCEPT, DROP];
  return (context, _note, { place, text }) =>
    outcomes[
      context.choices.unsure({ ...place, text: `${reason}: ${text}`, isMissing: false }, outcomes.length)
    ] ?? 'break';
}
