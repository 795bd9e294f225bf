import type { Family } from '../../net/address.ts';
import type { BaseChain } from '../convert/firewall.ts';
import { applyTranslation, isTranslationOpen } from '../elements/conntrack/apply.ts';
import { UNTRACKED } from '../elements/conntrack/connection.ts';
import { trackPacket } from '../elements/conntrack/track.ts';
import { balance } from '../elements/ipvs/index.ts';
import type { Hook, RuleContext } from '../firewall/context.ts';
import { type BaseVerdict, walkBaseChain } from '../firewall/walk-chain.ts';
import type { Namespace } from '../model/namespace.ts';
import { addStep, type Buffer, type End, endSilently, isEnd, type Next, type Walk } from './walk.ts';

/** Where a hook is passed. */
export interface HookPoint {
  readonly namespace: Namespace;
  readonly hook: RuleContext['hook'];
  readonly inInterface: string;
  /** Undefined where routes are not known. */
  readonly outInterface: string | undefined;
  readonly physicalIn?: string;
  readonly physicalOut?: string;
  /** At the hooks of a bridge. */
  readonly bridge?: string;
}

/** Where a hook of IP is passed. */
interface IpHookPoint extends HookPoint {
  readonly hook: Hook;
}

/** Asked after chains that make the kernel look up the route again; an end stops the walk. */
export type Reroute = () => { readonly outInterface: string | undefined } | End;

type HookStep =
  | { readonly kind: 'conntrack'; readonly priority: number }
  | { readonly kind: 'ipvs'; readonly priority: number }
  | { readonly kind: 'nat'; readonly priority: number }
  | { readonly kind: 'chain'; readonly priority: number; readonly base: BaseChain };

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

/**
 * Passes all that is registered at one hook, in the order of priorities (net/netfilter/core.c, `nf_hook_slow`).
 * All chains of type `nat` run together where address translation itself is registered, whatever their own priority, until one
 * of them decides (net/netfilter/nf_nat_core.c, `nf_nat_inet_fn`).
 * Returns where the packet goes instead, or nothing where it goes on.
 */
export function passHook(
  walk: Walk,
  point: IpHookPoint,
  buffer: Buffer,
  reroute?: Reroute,
): Next | undefined {
  const family = buffer.packet.destination.family;
  const { uncollected, damaged } = point.namespace.firewall(family);
  const lost = passDamage(walk, point, buffer, damaged);
  if (lost !== undefined) return lost;
  for (const missing of uncollected) walk.choices.unsure(missing, 1);
  let outInterface = point.outInterface;
  for (const step of stepsOf(point.namespace, family, point.hook)) {
    const before = buffer.packet;
    const stopped =
      step.kind === 'conntrack'
        ? trackPacket(walk, point.namespace, buffer)
        : step.kind === 'nat'
          ? passTranslation(walk, { ...point, outInterface }, buffer)
          : step.kind === 'ipvs'
            ? balance(walk, point.namespace, point.inInterface, buffer)
            : passChain(walk, { ...point, outInterface }, buffer, step.base);
    if (stopped !== undefined) return stopped;
    const mayReroute =
      step.kind === 'nat' || step.kind === 'ipvs' || (step.kind === 'chain' && step.base.kind === 'route');
    if (reroute === undefined || !mayReroute || !needsRoute(before, buffer.packet)) continue;
    const result = reroute();
    if (isEnd(result)) return result;
    outInterface = result.outInterface;
  }
  return undefined;
}

function needsRoute(before: Buffer['packet'], after: Buffer['packet']): boolean {
  return (
    before.mark !== after.mark || before.destination !== after.destination || before.source !== after.source
  );
}

const stepCache = new WeakMap<readonly BaseChain[], Map<Hook, readonly HookStep[]>>();

function stepsOf(namespace: Namespace, family: Family, hook: Hook): readonly HookStep[] {
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
  const nat = NAT_PRIORITY[hook];
  if (nat !== undefined) steps.push({ kind: 'nat', priority: nat });
  for (const base of chains) {
    if (base.hook === hook && base.kind !== 'nat')
      steps.push({ kind: 'chain', priority: base.priority, base });
  }
  return steps.sort((left, right) => left.priority - right.priority);
}

/** Passes one base chain. */
export function passChain(
  walk: Walk,
  point: HookPoint,
  buffer: Buffer,
  base: Pick<BaseChain, 'table' | 'chain'>,
): End | undefined {
  const context = contextOf(walk, point, buffer);
  const verdict = runChain(walk, point, context, base);
  buffer.packet = context.packet;
  return endOf(point, buffer, verdict);
}

/**
 * Of a dump that is damaged nobody knows what the rules that are missing would have done. That they drop the packet is
 * tried once for each namespace it comes through.
 */
function passDamage(
  walk: Walk,
  point: HookPoint,
  buffer: Buffer,
  damaged: readonly string[],
): End | undefined {
  if (walk.doubted.has(point.namespace)) return undefined;
  walk.doubted.add(point.namespace);
  for (const file of damaged) {
    const place = { file, text: 'cut or damaged: rules may be missing', isMissing: true };
    if (walk.choices.unsure(place, 2) === 1) return endOf(point, buffer, { kind: 'drop' });
  }
  return undefined;
}

function passTranslation(walk: Walk, point: IpHookPoint, buffer: Buffer): End | undefined {
  const { hook } = point;
  const view = buffer.connection;
  if (view?.tracked === undefined) return undefined;
  if (isTranslationOpen(view, hook)) {
    // Rules of nat chains only ever see the packet that opens a connection.
    const opening: Buffer = {
      ...buffer,
      connection: { ...view, state: view.state === 'related' ? 'related' : 'new' },
    };
    for (const base of translationChains(walk, point, buffer)) {
      const context = contextOf(walk, point, opening);
      const verdict = runChain(walk, point, context, base);
      buffer.packet = context.packet;
      opening.packet = context.packet;
      const stopped = endOf(point, buffer, verdict);
      if (stopped !== undefined) return stopped;
      if (!isTranslationOpen(view, hook)) break;
    }
  }
  applyTranslation(buffer, hook);
  return undefined;
}

/**
 * Chains that may translate at a hook. Which of two back ends registered first, where both have the same priority, is not
 * in the evidence, and the first one that translates has decided.
 */
function translationChains(
  walk: Walk,
  { namespace, hook }: IpHookPoint,
  buffer: Buffer,
): readonly BaseChain[] {
  const all = namespace.firewall(buffer.packet.destination.family).chains;
  const chains = all.filter((base) => base.hook === hook && base.kind === 'nat');
  const [first, second] = chains;
  if (first === undefined || second === undefined || first.priority !== second.priority) return chains;
  if (first.table.element === second.table.element && first.chain.place.file === second.chain.place.file)
    return chains;
  const text = `${first.table.name} and ${second.table.name} translate at the same priority, and which comes first is not known`;
  const order = walk.choices.unsure({ ...second.chain.place, text, isMissing: false }, 2);
  return order === 0 ? chains : [second, first, ...chains.slice(2)];
}

function runChain(
  walk: Walk,
  point: HookPoint,
  context: RuleContext,
  base: Pick<BaseChain, 'table' | 'chain'>,
): BaseVerdict {
  return walkBaseChain(base.table, base.chain, context, (step) =>
    addStep(walk, point.namespace, { ...step, hook: point.hook }),
  );
}

function contextOf(walk: Walk, point: HookPoint, buffer: Buffer): RuleContext {
  const context: RuleContext = {
    packet: buffer.packet,
    hook: point.hook,
    inInterface: point.inInterface,
    outInterface: point.outInterface,
    physicalIn: point.physicalIn ?? '',
    physicalOut: point.physicalOut ?? '',
    bridge: point.bridge ?? '',
    // Before it is looked up, a packet counts as untracked.
    connection: buffer.connection ?? UNTRACKED,
    balancedFor: buffer.balancedFor,
    environment: point.namespace,
    choices: walk.choices,
    untrack() {
      buffer.connection = UNTRACKED;
    },
  };
  return context;
}

function endOf(point: HookPoint, buffer: Buffer, verdict: BaseVerdict): End | undefined {
  if (verdict.kind === 'accept') return undefined;
  const device =
    point.outInterface === undefined || point.outInterface === '' ? point.inInterface : point.outInterface;
  return endSilently(verdict.kind === 'drop' ? 'dropped' : 'rejected', {
    namespace: point.namespace,
    device,
    buffer,
  });
}
