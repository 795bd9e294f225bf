import type { Evidence } from '../../model/evidence.ts';
import type { RuleContext } from './context.ts';
import type { StatementResult } from './verdict.ts';

/** Adds a step to the trace, within the rule that is being walked. */
export type Note = (action: string, detail?: string) => void;

/** One match or action of a rule. */
export type Statement = (context: RuleContext, note: Note, rule: Rule) => StatementResult;

/** A rule made ready for walking. */
export interface Rule {
  readonly place: Evidence;
  readonly text: string;
  readonly statements: readonly Statement[];
}

/** A chain of rules. */
export interface Chain {
  readonly name: string;
  readonly place: Evidence;
  /** What happens at the end of a base chain; absent for chains that are only jumped to. */
  readonly policy?: 'accept' | 'drop';
  /** The rules in their order, where those may be left out that surely do not match the packet. */
  rules(context: RuleContext): Iterable<Rule>;
}

/** A table of either kind of firewall. */
export interface Table {
  /** What the steps name: `iptables`, `nftables`. */
  readonly element: string;
  readonly name: string;
  chain(name: string): Chain | undefined;
}
