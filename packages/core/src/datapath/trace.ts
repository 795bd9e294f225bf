import { formatAddress } from '../net/address.ts';
import { type FollowedPath, followPacket, type Trail } from './follow.ts';
import {
  TRACE_SCHEMA,
  type TraceAnswer,
  type TracePath,
  type TraceQuestion,
  type TraceRefusal,
} from './model/answer.ts';
import type { Network } from './model/network.ts';
import { type Asked, understandQuestion } from './question.ts';

export interface TraceOptions {
  /** Whether the answer to a delivered packet is walked as well. */
  readonly withReply?: boolean;
}

/**
 * Follows a packet through a network and tells all ways it can take.
 *
 * ```ts
 * traceFlow(network, { from: 'pod/default/client', to: 'service/default/web:80' })
 *   → { paths: [{ probability: 0.5, disposition: 'delivered', … }, …], notModelled: [] }
 * ```
 */
export function traceFlow(
  network: Network,
  question: TraceQuestion,
  { withReply = false }: TraceOptions = {},
): TraceAnswer | TraceRefusal {
  const asked = understandQuestion(network, question);
  if ('error' in asked) return asked;
  const { paths, notModelled } = followPacket(network, asked, withReply);
  return {
    schema: TRACE_SCHEMA,
    question: answeredQuestion(question, asked),
    paths: tracePaths(paths),
    notModelled,
  };
}

/** The question with what was filled in. */
export function answeredQuestion(question: TraceQuestion, asked: Asked): TraceAnswer['question'] {
  const { destinationPort } = asked.packet;
  return {
    ...question,
    protocol: asked.protocolName,
    ...(destinationPort === undefined ? {} : { destinationPort }),
  };
}

/** Paths as the answer shows them, the likeliest first. */
export function tracePaths(paths: readonly FollowedPath[]): readonly TracePath[] {
  return paths
    .map(({ probability, request, reply }) => ({
      probability,
      ...pathOf(request),
      ...(reply === undefined ? {} : { reply: pathOf(reply) }),
    }))
    .map((path) => ({ path, end: endOf(path) }))
    .sort(byChanceThenEnd)
    .map(({ path }) => path);
}

interface Ended {
  readonly path: TracePath;
  readonly end: string;
}

/** The same order whatever form the rules have: chances that differ by rounding of the rules count as equal. */
function byChanceThenEnd(left: Ended, right: Ended): number {
  const difference = Math.round((right.path.probability - left.path.probability) * 1e6);
  if (difference !== 0) return difference;
  return left.end < right.end ? -1 : 1;
}

function endOf({ packet, at, disposition }: TracePath): string {
  return JSON.stringify([packet.destination, packet.destinationPort, disposition, at]);
}

function pathOf({ end, steps }: Trail): Omit<TracePath, 'probability' | 'reply'> {
  const { disposition, namespace, device, packet } = end;
  return {
    disposition,
    at: {
      node: namespace.node,
      ...(namespace.name === '' ? {} : { netns: namespace.name }),
      ...(device === undefined ? {} : { interface: device }),
    },
    packet: {
      source: formatAddress(packet.source),
      destination: formatAddress(packet.destination),
      ...(packet.sourcePort === undefined ? {} : { sourcePort: packet.sourcePort }),
      ...(packet.destinationPort === undefined ? {} : { destinationPort: packet.destinationPort }),
      snat: packet.snat,
    },
    steps,
  };
}
