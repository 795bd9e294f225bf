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
import { receive } from './walk/receive.ts';
import { send } from './walk/send.ts';
import { transmit } from './walk/transmit.ts';
import { type Buffer, type End, end, type Next, type Walk } from './walk/walk.ts';

/** Stages of one walk; what goes round in circles without being routed ends here. */
const STAGE_LIMIT = 1000;

/**
 * Follows a packet through a network and tells all ways it can take.
 *
 * ```ts
 * traceFlow(network, { from: 'pod/default/client', to: 'service/default/web:80' })
 *   → { paths: [{ probability: 0.5, disposition: 'delivered', … }, …], notModelled: [] }
 * ```
 */
export function traceFlow(network: Network, question: TraceQuestion): TraceAnswer | TraceRefusal {
  const asked = understandQuestion(network, question);
  if ('error' in asked) return asked;
  const { ends, notModelled } = explore<PathEnd>((choices) => walkOnce(network, asked, choices), {
    key: (path) => JSON.stringify([path.disposition, path.at, path.packet]),
    unknown: (path) => ({ ...path, disposition: 'unknown' }),
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

function walkOnce(network: Network, asked: Asked, choices: Choices): PathEnd {
  const walk: Walk = {
    network,
    choices,
    steps: [],
    connections: new Map(),
    isEstablished: asked.isEstablished,
  };
  const buffer: Buffer = { packet: asked.packet, connection: undefined };
  const { start } = asked;
  let next: Next =
    start.device === undefined
      ? { kind: 'send', namespace: start.namespace, buffer }
      : { kind: 'arrive', namespace: start.namespace, device: start.device, buffer };
  for (let stage = 0; next.kind !== 'end'; stage++) {
    next = stage < STAGE_LIMIT ? step(walk, next) : goneAround(walk, next);
  }
  return pathOf(next, walk.steps);
}

function step(walk: Walk, next: Exclude<Next, End>): Next {
  switch (next.kind) {
    case 'arrive':
      return receive(walk, next);
    case 'send':
      return send(walk, next.namespace, next.buffer);
    case 'transmit':
      return transmit(walk, next);
  }
}

function goneAround(walk: Walk, next: Exclude<Next, End>): End {
  return end(walk, 'ttl-expired', next, { element: 'routing', detail: 'the packet goes round in circles' });
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
