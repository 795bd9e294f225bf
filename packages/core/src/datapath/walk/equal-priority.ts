import { isSameAddress } from '../../net/address.ts';
import type { BaseChain } from '../convert/firewall.ts';
import type { Packet } from '../model/packet.ts';
import type { TiedChains } from './hook-steps.ts';
import { type IpHookPoint, needsRoute, passChain } from './pass-chain.ts';
import type { Buffer, End, Walk } from './walk.ts';

/** What came of a packet when chains were passed in one order. */
interface Passed {
  readonly end: End | undefined;
  /** Whether the kernel looks up the route again behind one of the chains. */
  readonly changesRoute: boolean;
  readonly packet: Packet;
  readonly connection: Buffer['connection'];
  /** Of the connection. */
  readonly mark: number | undefined;
  /** Those that were added. */
  readonly steps: Walk['steps'];
}

/**
 * Passes chains of one priority that different back ends registered. The one registered last runs first (net/netfilter/core.c,
 * `nf_hook_entries_grow`), and no evidence tells which that is, so where their order makes a difference each one is tried.
 */
export function passInAnyOrder(
  walk: Walk,
  point: IpHookPoint,
  buffer: Buffer,
  { orders, doubt }: TiedChains,
): Pick<Passed, 'end' | 'changesRoute'> {
  const start = walk.steps.length;
  const before = passedAs(walk, buffer, start, { end: undefined, changesRoute: false });
  const ways: Passed[] = [];
  for (const order of orders) {
    adopt(walk, buffer, start, before);
    const way = passedAs(walk, buffer, start, passAll(walk, point, buffer, order));
    if (ways.length === 0 && isUntouched(before, way)) return way;
    if (!ways.some((known) => isSameOutcome(known, way))) ways.push(way);
  }
  const taken = ways.length > 1 ? walk.choices.unsure(doubt, ways.length) : 0;
  const way = ways[taken] ?? before;
  adopt(walk, buffer, start, way);
  return way;
}

function passAll(
  walk: Walk,
  point: IpHookPoint,
  buffer: Buffer,
  order: readonly BaseChain[],
): Pick<Passed, 'end' | 'changesRoute'> {
  let changesRoute = false;
  for (const base of order) {
    const { packet } = buffer;
    const end = passChain(walk, point, buffer, base);
    if (end !== undefined) return { end, changesRoute };
    changesRoute ||= base.kind === 'route' && needsRoute(packet, buffer.packet);
  }
  return { end: undefined, changesRoute };
}

function passedAs(
  walk: Walk,
  { packet, connection }: Buffer,
  start: number,
  result: Pick<Passed, 'end' | 'changesRoute'>,
): Passed {
  return { ...result, packet, connection, mark: connection?.tracked?.mark, steps: walk.steps.slice(start) };
}

/** Sets the walk to where it was when the chains had been passed that way. */
function adopt(walk: Walk, buffer: Buffer, start: number, { packet, connection, mark, steps }: Passed): void {
  buffer.packet = packet;
  buffer.connection = connection;
  if (connection?.tracked !== undefined && mark !== undefined) connection.tracked.mark = mark;
  walk.steps.splice(start, Number.POSITIVE_INFINITY, ...steps);
}

/** Chains that leave the packet alone do so in every order. A mark that is set and taken back makes a packet of its own. */
function isUntouched(before: Passed, { end, packet, connection, mark }: Passed): boolean {
  const isSame = packet === before.packet && connection === before.connection && mark === before.mark;
  return end === undefined && isSame;
}

function isSameOutcome(left: Passed, right: Passed): boolean {
  if (left.end !== undefined || right.end !== undefined)
    return left.end?.disposition === right.end?.disposition;
  return (
    left.changesRoute === right.changesRoute &&
    left.connection === right.connection &&
    left.mark === right.mark &&
    isSamePacket(left.packet, right.packet)
  );
}

function isSamePacket(left: Packet, right: Packet): boolean {
  const { source, destination, ...rest } = left;
  const { source: otherSource, destination: otherDestination, ...other } = right;
  return (
    isSameAddress(source, otherSource) &&
    isSameAddress(destination, otherDestination) &&
    JSON.stringify(rest) === JSON.stringify(other)
  );
}
