import { type Network, type TraceQuestion, traceFlow } from '@netvet/core';
import { type Asked, addressOf, joined, type Outcome } from './oracle.ts';

/** What the walk through some evidence says, in the words of the oracle. */
export function tracedOutcomes(network: Network, asked: Asked, family: 4 | 6): Outcome[] {
  const answer = traceFlow(network, questionOf(asked, family));
  if ('error' in answer) throw new Error(answer.error.message);
  const byEnd = new Map<string, Outcome>();
  for (const { disposition, packet, probability } of answer.paths) {
    const { destination, destinationPort, snat } = packet;
    const hasLeft = disposition === 'left-network';
    const end = hasLeft ? joined(destination, destinationPort, family) : disposition;
    const isMasqueraded = hasLeft && snat;
    const key = `${end} ${isMasqueraded}`;
    const total = (byEnd.get(key)?.probability ?? 0) + probability;
    byEnd.set(key, { end, probability: total, snat: isMasqueraded });
  }
  return [...byEnd.values()]
    .map((outcome) => ({ ...outcome, probability: Number(outcome.probability.toFixed(6)) }))
    .sort((left, right) => (left.end < right.end ? -1 : 1));
}

function questionOf({ service, by, who, source }: Asked, family: 4 | 6): TraceQuestion {
  const [port] = service.ports;
  const number = by === 'nodePort' ? port?.nodePort : port?.port;
  return {
    from: who === 'node' ? 'node/n1' : source,
    to: joined(addressOf(service, by), number, family),
    protocol: port?.protocol?.toLowerCase() ?? 'tcp',
  };
}
