import type { Family } from '../../net/address.ts';
import type { UnsurePoint } from '../choices/choices.ts';
import type { BaseChain } from '../convert/firewall.ts';
import type { Hook } from '../firewall/context.ts';
import type { Namespace } from '../model/namespace.ts';

/** What is registered at a hook. */
export type HookStep =
  | { readonly kind: 'conntrack'; readonly priority: number }
  | { readonly kind: 'ipvs'; readonly priority: number }
  | { readonly kind: 'nat'; readonly priority: number; readonly chains: readonly BaseChain[] }
  | { readonly kind: 'chain'; readonly priority: number; readonly base: BaseChain }
  | TiedChains;

/** Chains of one priority, of which nobody knows the order in which they were registered. */
export interface TiedChains {
  readonly kind: 'tie';
  readonly priority: number;
  /** All that are possible, the same chains in each. */
  readonly orders: readonly (readonly BaseChain[])[];
  readonly doubt: UnsurePoint;
}

/** `NF_IP_PRI_CONNTRACK`, `NF_IP_PRI_NAT_DST`, `NF_IP_PRI_NAT_SRC` */
const CONNTRACK_PRIORITY = -200;
/** `NF_IP_PRI_NAT_SRC - 1` and `NF_IP_PRI_NAT_DST + 2` (net/netfilter/ipvs/ip_vs_core.c, `ip_vs_ops4`). */
const IPVS_PRIORITY: Readonly<Partial<Record<Hook, number>>> = { input: 99, output: -98 };
const NAT_PRIORITY: Readonly<Record<Hook, number | undefined>> = {
  prerouting: -100,
  output: -100,
  input: 100,
  postrouting: 100,
  forward: undefined,
};

const stepCache = new WeakMap<readonly BaseChain[], Map<Hook, readonly HookStep[]>>();

/** All that is registered at a hook, in the order of priorities. */
export function stepsOf(namespace: Namespace, family: Family, hook: Hook): readonly HookStep[] {
  const { chains } = namespace.firewall(family);
  let byHook = stepCache.get(chains);
  if (byHook === undefined) {
    byHook = new Map();
    stepCache.set(chains, byHook);
  }
  let steps = byHook.get(hook);
  if (steps === undefined) {
    steps = orderSteps(chains, hook);
    byHook.set(hook, steps);
  }
  return steps;
}

function orderSteps(chains: readonly BaseChain[], hook: Hook): readonly HookStep[] {
  const steps: HookStep[] = [];
  if (hook === 'prerouting' || hook === 'output')
    steps.push({ kind: 'conntrack', priority: CONNTRACK_PRIORITY });
  const ipvs = IPVS_PRIORITY[hook];
  if (ipvs !== undefined) steps.push({ kind: 'ipvs', priority: ipvs });
  const atHook = chains.filter((base) => base.hook === hook);
  const nat = NAT_PRIORITY[hook];
  if (nat !== undefined)
    steps.push({ kind: 'nat', priority: nat, chains: atHook.filter(({ kind }) => kind === 'nat') });
  const others = atHook.filter(({ kind }) => kind !== 'nat');
  for (const tied of Map.groupBy(others, ({ priority }) => priority).values()) steps.push(...inOrder(tied));
  return steps.sort((left, right) => left.priority - right.priority);
}

/** Chains of one priority, in the order in which they run where that is known. */
function inOrder(chains: readonly BaseChain[]): readonly HookStep[] {
  const groups = [...Map.groupBy(chains, ({ origin }) => origin).values()];
  const [[first] = [], [other] = []] = groups;
  if (first === undefined || other === undefined)
    return chains.map((base) => ({ kind: 'chain', priority: base.priority, base }));
  const { priority } = first;
  const text = `chain ${first.chain.name} of ${first.table.name} and chain ${other.chain.name} of ${other.table.name} have the same priority, and which comes first is not known`;
  const doubt = { ...other.chain.place, text, isMissing: false };
  return [{ kind: 'tie', priority, orders: permutations(groups).map((order) => order.flat()), doubt }];
}

/** At most six: there are rules of legacy iptables, of nftables, and of a dump whose back end is not known. */
function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length < 2) return [items];
  return items.flatMap((item, at) => permutations(items.toSpliced(at, 1)).map((rest) => [item, ...rest]));
}
