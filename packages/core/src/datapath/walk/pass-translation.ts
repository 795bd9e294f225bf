import type { BaseChain } from '../convert/firewall.ts';
import { applyTranslation, changesDestination, isTranslationOpen } from '../elements/conntrack/apply.ts';
import { avoidClash } from '../elements/conntrack/clash.ts';
import { type IpHookPoint, passChain } from './pass-chain.ts';
import type { Buffer, End, Walk } from './walk.ts';

/**
 * Translates addresses at a hook: by the rules, where the connection is new there, else as they decided for its first packet
 * (net/netfilter/nf_nat_core.c, `nf_nat_inet_fn`).
 */
export function passTranslation(
  walk: Walk,
  point: IpHookPoint,
  buffer: Buffer,
  chains: readonly BaseChain[],
): End | undefined {
  const { hook } = point;
  const view = buffer.connection;
  if (view?.tracked === undefined) return undefined;
  if (isTranslationOpen(view, hook)) {
    // Rules of nat chains only ever see the packet that opens a connection.
    const opening: Buffer = {
      ...buffer,
      connection: { ...view, state: view.state === 'related' ? 'related' : 'new' },
    };
    for (const base of inAnyOrder(walk, chains)) {
      const stopped = passChain(walk, point, opening, base);
      buffer.packet = opening.packet;
      if (stopped !== undefined) return stopped;
      if (!isTranslationOpen(view, hook)) break;
    }
    if (!changesDestination(hook)) avoidClash(view.tracked, walk.connections.get(point.namespace) ?? []);
  }
  applyTranslation(buffer, hook);
  return undefined;
}

/**
 * Chains that may translate at a hook. Which of two back ends registered first, where both have the same priority, is not
 * in the evidence, and the first one that translates has decided.
 */
function inAnyOrder(walk: Walk, chains: readonly BaseChain[]): readonly BaseChain[] {
  const [first, second] = chains;
  if (first === undefined || second === undefined || first.priority !== second.priority) return chains;
  if (first.origin === second.origin) return chains;
  const text = `${first.table.name} and ${second.table.name} translate at the same priority, and which comes first is not known`;
  const order = walk.choices.unsure({ ...second.chain.place, text, isMissing: false }, 2);
  return order === 0 ? chains : [second, first, ...chains.slice(2)];
}
