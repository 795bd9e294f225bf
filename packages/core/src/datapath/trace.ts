import { formatAddress } from '../net/address.ts';
import type { Choices } from './choices/choices.ts';
import { explore } from './choices/explore.ts';
import {
  TRACE_SCHEMA,
  type TraceAnswer,
  type TracePath,
  type TraceQuestion,
  type TraceRefusal,
  type TraceStep,
} from './model/answer.ts';
import type { Network } from './model/network.ts';
import { type Asked, understandQuestion } from './question.ts';
import { walkReply } from './walk/reply.ts';
import { runWalk } from './walk/run.ts';
import type { Buffer, End, Next, Walk } from './walk/walk.ts';

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
  const { ends, notModelled } = explore<PathEnd>((choices) => walkOnce(network, asked, withReply, choices), {
    key: keyOf,
    unknown: unknownEnd,
    isLost: ({ disposition }) => !['delivered', 'left-network', 'unknown'].includes(disposition),
  });
  return {
    schema: TRACE_SCHEMA,
    question: {
      ...question,
      protocol: asked.protocolName,
      ...(asked.packet.destinationPort === undefined
        ? {}
        : { destinationPort: asked.packet.destinationPort }),
    },
    paths: ends
      .map(({ probability, value }) => ({ probability: Number(probability.toFixed(12)), ...value }))
      .sort(byChanceThenEnd),
    notModelled,
  };
}

/** The same order whatever form the rules have: chances that differ by rounding of the rules count as equal. */
function byChanceThenEnd(left: TracePath, right: TracePath): number {
  const difference = Math.round((right.probability - left.probability) * 1e6);
  if (difference !== 0) return difference;
  const [leftKey, rightKey] = [left, right].map(({ packet, at, disposition }) =>
    JSON.stringify([packet.destination, packet.destinationPort, disposition, at]),
  );
  return (leftKey ?? '') < (rightKey ?? '') ? -1 : 1;
}

type PathEnd = Omit<TracePath, 'probability'>;

function keyOf({ disposition, at, packet, reply }: PathEnd): string {
  return JSON.stringify([disposition, at, packet, reply?.disposition, reply?.at, reply?.packet]);
}

function unknownEnd(path: PathEnd): PathEnd {
  return { ...path, disposition: 'unknown' };
}

function walkOnce(network: Network, asked: Asked, withReply: boolean, choices: Choices): PathEnd {
  const walk: Walk = {
    network,
    choices,
    steps: [],
    connections: new Map(),
    doubted: new Set(),
    isEstablished: asked.isEstablished,
    isReply: false,
  };
  if (asked.assumption !== undefined) choices.unsure(asked.assumption, 1);
  const buffer: Buffer = { packet: asked.packet, connection: undefined };
  const { start } = asked;
  const first: Next =
    start.device === undefined
      ? { kind: 'send', namespace: start.namespace, buffer }
      : { kind: 'arrive', namespace: start.namespace, device: start.device, buffer };
  const reached = runWalk(walk, first);
  const path = pathOf(reached, [...walk.steps]);
  if (!withReply || reached.disposition !== 'delivered') return path;
  walk.steps.length = 0;
  const answer = walkReply(walk, asked.packet, reached);
  return { ...path, reply: pathOf(answer, walk.steps) };
}

function pathOf({ disposition, namespace, device, packet }: End, steps: readonly TraceStep[]): PathEnd {
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
