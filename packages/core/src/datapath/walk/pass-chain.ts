import type { BaseChain } from '../convert/firewall.ts';
import { INVALID, UNTRACKED } from '../elements/conntrack/connection.ts';
import type { Hook, RuleContext } from '../firewall/context.ts';
import { type BaseVerdict, walkBaseChain } from '../firewall/walk-chain.ts';
import type { Namespace } from '../model/namespace.ts';
import type { Packet } from '../model/packet.ts';
import { addStep, type Buffer, type End, endSilently, type Walk } from './walk.ts';

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
export interface IpHookPoint extends HookPoint {
  readonly hook: Hook;
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

function runChain(
  walk: Walk,
  point: HookPoint,
  context: RuleContext,
  base: Pick<BaseChain, 'table' | 'chain'>,
): BaseVerdict {
  return walkBaseChain(base.table, base.chain, context, (step) => addStep(walk, point.namespace, step));
}

function contextOf(walk: Walk, point: HookPoint, buffer: Buffer): RuleContext {
  return {
    packet: buffer.packet,
    hook: point.hook,
    inInterface: point.inInterface,
    outInterface: point.outInterface,
    physicalIn: point.physicalIn ?? '',
    physicalOut: point.physicalOut ?? '',
    bridge: point.bridge ?? '',
    connection: buffer.connection ?? INVALID,
    balancedFor: buffer.balancedFor,
    environment: point.namespace,
    choices: walk.choices,
    untrack() {
      buffer.connection = UNTRACKED;
    },
  };
}

/** The end that a verdict means; undefined where the packet goes on. */
export function endOf(point: HookPoint, buffer: Buffer, verdict: BaseVerdict): End | undefined {
  if (verdict.kind === 'accept') return undefined;
  const device =
    point.outInterface === undefined || point.outInterface === '' ? point.inInterface : point.outInterface;
  return endSilently(verdict.kind === 'drop' ? 'dropped' : 'rejected', {
    namespace: point.namespace,
    device,
    buffer,
  });
}

/** Whether the kernel looks up the route again for a packet that a chain of type `route`, or a translation, changed. */
export function needsRoute(before: Packet, after: Packet): boolean {
  return (
    before.mark !== after.mark || before.destination !== after.destination || before.source !== after.source
  );
}
