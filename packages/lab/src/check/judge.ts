import { type Network, type TraceAnswer, type TracePath, traceFlow } from '@netvet/core';
import { DNS_PORT, type Outcome } from '../agents/protocol.ts';
import { SERVER_PORT } from '../cluster/plan.ts';
import type { Flow } from './flows.ts';

/** kube-apiserver gives NodePorts from here on. */
const FIRST_NODE_PORT = 30_000;

/** Whether the walk says of a flow what really happened. */
export interface Judgement {
  readonly flow: Flow;
  /** `undecided`: the walk did not say how it ends. */
  readonly verdict: 'agree' | 'disagree' | 'undecided';
  /** Whether who was asked answered. */
  readonly works: boolean;
  /** What really happened. */
  readonly seen: string;
  /** What the walk says. */
  readonly walked: string;
}

/** Whether the walk knows a way by which an answer comes back. */
export function isExpectedToWork(network: Network, flow: Flow): boolean {
  const answer = traceFlow(network, flow, { withReply: true });
  return !('error' in answer) && answer.paths.some(arrives);
}

/** Compares what became of a flow with what the walk says of it, its answer included. */
export function judge(network: Network, flow: Flow, outcome: Outcome): Judgement {
  const { sourcePort } = outcome;
  const question = sourcePort === undefined ? flow : { ...flow, sourcePort };
  const answer = traceFlow(network, question, { withReply: true });
  const base = {
    flow,
    works: outcome.ok && isFromWanted(flow, outcome.server),
    seen: describeOutcome(outcome),
  };
  if ('error' in answer) return { ...base, verdict: 'undecided', walked: answer.error.message };
  return { ...base, verdict: verdictOf(answer, outcome), walked: describe(answer) };
}

/** Whoever answers for a Service is right; a pod or a node has to answer for itself. */
function isFromWanted({ to }: Flow, server: string | undefined): boolean {
  return (
    server === undefined ||
    !/^(pod|node)\//.test(to) ||
    Number(/:(\d+)$/.exec(to)?.[1]) >= FIRST_NODE_PORT ||
    to.replace(/:\d+$/, '') === server
  );
}

function verdictOf({ paths, notModelled }: TraceAnswer, outcome: Outcome): Judgement['verdict'] {
  if (paths.some((path) => isOpen(path))) return 'undecided';
  if (paths.some((path) => explains(path, outcome))) return 'agree';
  // The walk has said itself what it took for granted.
  return notModelled.some(({ couldChangeAnswer }) => couldChangeAnswer) ? 'undecided' : 'disagree';
}

/** A path whose end nobody knows. */
function isOpen({ disposition, reply }: TracePath): boolean {
  const ends = [disposition, reply?.disposition];
  return ends.includes('unknown') || ends.includes('left-network');
}

/** Whether the packet arrives by this path, and its answer as well. */
function arrives({ disposition, reply }: TracePath): boolean {
  return disposition === 'delivered' && reply?.disposition === 'delivered';
}

/** Whether what was seen is what this path leads to. */
function explains(path: TracePath, outcome: Outcome): boolean {
  const { at, packet } = path;
  if (!outcome.ok)
    return !arrives(path) || (outcome.error === 'ECONNREFUSED' && !isServed(packet.destinationPort));
  if (!arrives(path)) return false;
  const server = at.netns === undefined ? `node/${at.node}` : `pod/${at.netns.replace('_', '/')}`;
  return (
    (outcome.server === undefined || outcome.server === server) &&
    (outcome.source === undefined || outcome.source === packet.source)
  );
}

/** Whether anything in a lab listens on a port; where nothing does, a packet that arrives is refused. */
function isServed(port: number | undefined): boolean {
  return port === SERVER_PORT || port === DNS_PORT;
}

function describeOutcome(outcome: Outcome): string {
  if (!outcome.ok) return `fails: ${outcome.error}`;
  const { server, source } = outcome;
  return server === undefined ? 'works' : `works: ${server} answers, and saw it come from ${source}`;
}

function describe({ paths }: TraceAnswer): string {
  return paths
    .map(({ probability, disposition, at, packet, reply }) => {
      const place = at.netns === undefined ? at.node : `${at.node}/${at.netns}`;
      const back = reply === undefined ? '' : `, answer ${reply.disposition}`;
      const chance = probability === 1 ? '' : `${(probability * 100).toFixed(0)} % `;
      return `${chance}${disposition} at ${place} from ${packet.source}${back}`;
    })
    .join('; ');
}
