import { type Family, formatAddress } from '../net/address.ts';
import type { Choices } from './choices/choices.ts';
import { explore } from './choices/explore.ts';
import type { NotModelled, TraceStep } from './model/answer.ts';
import type { Network } from './model/network.ts';
import type { Packet } from './model/packet.ts';
import type { Asked } from './question.ts';
import { walkReply } from './walk/reply.ts';
import { runWalk } from './walk/run.ts';
import type { Buffer, End, Hop, Next, Walk } from './walk/walk.ts';

/** What became of one packet: what was sent, every hop and step, and the end. */
export interface Trail {
  readonly sent: Packet;
  readonly hops: readonly Hop[];
  readonly steps: readonly TraceStep[];
  /** Other nodes on which somebody was asked for a hardware address, and in which family: 6 where in both. */
  readonly asked: ReadonlyMap<string, Family>;
  readonly end: End;
}

/** One way that a packet can take. */
export interface FollowedPath {
  /** The probabilities of all paths add up to 1. */
  readonly probability: number;
  readonly request: Trail;
  /** The way back, where it was asked for and the packet was delivered. */
  readonly reply?: Trail;
}

export interface Followed {
  readonly paths: readonly FollowedPath[];
  readonly notModelled: readonly NotModelled[];
  /** Nodes that any of the walks came to or asked, those of meanings included that were only tried. */
  readonly visited: ReadonlySet<string>;
  /** Whether nothing was to be decided on the way, neither by chance nor by trying. */
  readonly isCertain: boolean;
}

type Way = Omit<FollowedPath, 'probability'>;

/** Walks a packet every way it can take, and its answer where `withReply` asks for it. */
export function followPacket(network: Network, asked: Asked, withReply: boolean): Followed {
  const visited = new Set<string>();
  const walkAndNote = (choices: Choices): Way => {
    const way = walkOnce(network, asked, withReply, choices);
    for (const { hops, asked } of [way.request, ...(way.reply === undefined ? [] : [way.reply])]) {
      for (const { namespace } of hops) visited.add(namespace.node);
      for (const node of asked.keys()) visited.add(node);
    }
    return way;
  };
  const { ends, notModelled, walks } = explore<Way>(walkAndNote, {
    key: keyOf,
    unknown: unknownWay,
    isLost: ({ request }) => !['delivered', 'left-network', 'unknown'].includes(request.end.disposition),
    length: ({ request, reply }) => request.hops.length + (reply?.hops.length ?? 0),
  });
  return {
    paths: ends.map(({ probability, value }) => ({
      probability: Number(probability.toFixed(12)),
      ...value,
    })),
    notModelled,
    visited,
    isCertain: walks === 1,
  };
}

function walkOnce(network: Network, asked: Asked, withReply: boolean, choices: Choices): Way {
  const walk: Walk = {
    network,
    choices,
    steps: [],
    hops: [],
    connections: new Map(),
    acquainted: new Map(),
    asked: new Map(),
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
  const request = trailOf(walk, asked.packet, reached);
  if (!withReply || reached.disposition !== 'delivered') return { request };
  walk.steps.length = 0;
  walk.hops.length = 0;
  walk.asked.clear();
  const answer = walkReply(walk, asked.packet, reached);
  return { request, reply: trailOf(walk, answer.sent, answer.end) };
}

function trailOf({ steps, hops, asked }: Walk, sent: Packet, end: End): Trail {
  return { sent, hops: [...hops], steps: [...steps], asked: new Map(asked), end };
}

function keyOf({ request, reply }: Way): string {
  return reply === undefined ? endKey(request.end) : `${endKey(request.end)} ${endKey(reply.end)}`;
}

function endKey({ disposition, namespace, device, packet }: End): string {
  const { source, destination, sourcePort, destinationPort, snat } = packet;
  return [
    disposition,
    namespace.node,
    namespace.name,
    device ?? '',
    formatAddress(source),
    sourcePort ?? '',
    formatAddress(destination),
    destinationPort ?? '',
    snat,
  ].join(' ');
}

function unknownWay({ request, ...rest }: Way): Way {
  return { ...rest, request: { ...request, end: { ...request.end, disposition: 'unknown' } } };
}
