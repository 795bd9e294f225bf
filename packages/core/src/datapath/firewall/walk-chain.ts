import type { TraceStep } from '../model/answer.ts';
import type { Chain, Rule, Table } from './chain.ts';
import type { RuleContext } from './context.ts';
import { ACCEPT, DROP, RETURN, type Verdict } from './verdict.ts';

/** Chains entered one inside the other; both back ends allow far fewer than this. */
const DEPTH_LIMIT = 256;

/** How a base chain ends. */
export type BaseVerdict = Exclude<Verdict, { kind: 'return' | 'jump' | 'goto' }>;

/** Adds a step; hook, table and chain are those of the rule. */
export type AddStep = (step: Omit<TraceStep, 'node' | 'netns'>) => void;

/**
 * Walks a base chain and all it jumps to.
 *
 * Mirrors `ipt_do_table` (net/ipv4/netfilter/ip_tables.c) and `nft_do_chain` (net/netfilter/nf_tables_core.c): a `return`
 * goes back behind the jump, a `goto` leaves nothing to go back to, and the policy decides at the end of the base chain.
 */
export function walkBaseChain(
  table: Table,
  chain: Chain,
  context: RuleContext,
  addStep: AddStep,
): BaseVerdict {
  const verdict = walkChain({ table, context, addStep }, chain, []);
  if (verdict.kind !== 'return') return verdict;
  if (chain.policy !== 'drop') return ACCEPT;
  addStep({
    element: table.element,
    hook: context.hook,
    table: table.name,
    chain: chain.name,
    action: 'drop',
    detail: 'policy of the chain',
    evidence: [chain.place],
  });
  return DROP;
}

interface Walk {
  readonly table: Table;
  readonly context: RuleContext;
  readonly addStep: AddStep;
}

type ChainVerdict = BaseVerdict | { readonly kind: 'return' };

function walkChain(walk: Walk, chain: Chain, stack: readonly string[]): ChainVerdict {
  for (const rule of chain.rules(walk.context)) {
    const verdict = walkRule(walk, chain, rule);
    if (verdict === 'next') continue;
    if (verdict.kind !== 'jump' && verdict.kind !== 'goto') return verdict;
    const inner = enter(walk, chain, rule, verdict, [...stack, chain.name]);
    if (verdict.kind === 'goto' || inner.kind !== 'return') return inner;
  }
  return RETURN;
}

function walkRule(walk: Walk, chain: Chain, rule: Rule): Verdict | 'next' {
  let hasNoted = false;
  const note = (action: string, detail?: string): void => {
    hasNoted = true;
    walk.addStep({
      element: walk.table.element,
      hook: walk.context.hook,
      table: walk.table.name,
      chain: chain.name,
      action,
      detail: detail ?? rule.text,
      evidence: [rule.place],
    });
  };
  for (const statement of rule.statements) {
    hasNoted = false;
    const result = statement(walk.context, note, rule);
    if (result === 'next') continue;
    if (result === 'break') return 'next';
    // A statement that says itself what it did needs no second step for its verdict.
    if (!hasNoted) note('chain' in result ? `${result.kind} ${result.chain}` : result.kind);
    return result;
  }
  return 'next';
}

function enter(
  walk: Walk,
  from: Chain,
  rule: Rule,
  verdict: { readonly chain: string },
  stack: readonly string[],
): ChainVerdict {
  const target = walk.table.chain(verdict.chain);
  const problem =
    target === undefined
      ? `jump to chain ${verdict.chain}, which the dump does not show`
      : stack.includes(verdict.chain) || stack.length > DEPTH_LIMIT
        ? `chains jump in a circle: ${from.name} to ${verdict.chain}`
        : undefined;
  if (target !== undefined && problem === undefined) return walkChain(walk, target, stack);
  const point = { ...rule.place, text: `${problem}: ${rule.text}`, isMissing: false };
  const outcomes: readonly ChainVerdict[] = [RETURN, ACCEPT, DROP];
  return outcomes[walk.context.choices.unsure(point, outcomes.length)] ?? RETURN;
}
