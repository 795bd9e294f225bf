/** How a reject answers, as iptables names it: `icmp-port-unreachable`, `tcp-reset`, … */
export type RejectKind = string;

/** What a rule decides about the packet. */
export type Verdict =
  | { readonly kind: 'accept' }
  | { readonly kind: 'drop' }
  | { readonly kind: 'return' }
  | { readonly kind: 'reject'; readonly with: RejectKind }
  | { readonly kind: 'jump'; readonly chain: string }
  | { readonly kind: 'goto'; readonly chain: string };

/** What one statement of a rule does: go on with the next one, leave the rule as it does not match, or decide. */
export type StatementResult = 'next' | 'break' | Verdict;

export const ACCEPT = { kind: 'accept' } as const satisfies Verdict;
export const DROP = { kind: 'drop' } as const satisfies Verdict;
export const RETURN = { kind: 'return' } as const satisfies Verdict;

/** What a match says: it holds or not, holds with a probability, or nobody knows and why. */
export type TestResult = boolean | { readonly probability: number } | { readonly unsure: string };

/** A match that is not modelled, with the reason. */
export function unsure(reason: string): TestResult {
  return { unsure: reason };
}

/** The opposite of what a match says. */
export function negate(result: TestResult): TestResult {
  if (typeof result === 'boolean') return !result;
  return 'probability' in result ? { probability: 1 - result.probability } : result;
}
