import { hasPorts } from '../../../net/protocol.ts';
import type { Connection } from './connection.ts';

/**
 * No two connections of a namespace may have answers that look the same. A packet that comes through a second time, from the address
 * that its source was translated to the first time, would have such: then the kernel picks another source port, or another ICMP
 * identifier (net/netfilter/nf_nat_core.c, `get_unique_tuple`, also where no rule asks for a translation).
 */
export function avoidClash(connection: Connection, others: readonly Connection[]): void {
  const isTaken = others.some(
    (other) => other !== connection && other.directionOf(connection.reply) !== undefined,
  );
  if (!isTaken) return;
  const { destinationPort: _, ...rest } = connection.reply;
  connection.reply = hasPorts(rest.protocol) ? rest : { ...rest, icmpId: others.length };
}
