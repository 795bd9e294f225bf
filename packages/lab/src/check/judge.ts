import { type Network, type TraceAnswer, type TracePath, traceFlow } from '@netvet/core';
import type { Outcome } from '../agents/protocol.ts';
import type { Flow } from './flows.ts';

/** Whether the walk says of a flow what really happened. */
export interface Judgement {
  readonly flow: Flow;
  /** `undecided`: the walk did not say how it ends. */
  readonly verdict: 'agree' | 'disagree' | 'undecided';
  readonly works: boolean;
  /** What really happened. */
  readonly seen: string;
  /** What the walk says. */
  readonly walked: string;
}

/** Compares what became of a flow with what the walk says of it, its answer included. */
export function judge(network: Network, flow: Flow, outcome: Outcome): Judgement {
  const answer = traceFlow(network, flow, { withReply: true });
  const base = { flow, works: outcome.ok, seen: describeOutcome(outcome) };
  if ('error' in answer) return { ...base, verdict: 'undecided', walked: answer.error.message };
  return { ...base, verdict: verdictOf(answer, outcome), walked: describe(answer) };
}

function verdictOf({ paths }: TraceAnswer, outcome: Outcome): Judgement['verdict'] {
  if (paths.some((path) => isOpen(path))) return 'undecided';
  return paths.some((path) => explains(path, outcome)) ? 'agree' : 'disagree';
}

/** A path whose end nobody knows. */
function isOpen({ disposition, reply }: TracePath): boolean {
  const ends = [disposition, reply?.disposition];
  return ends.includes('unknown') || ends.includes('left-network');
}

/** Whether what was seen is what this path leads to. */
function explains({ disposition, reply, at, packet }: TracePath, outcome: Outcome): boolean {
  const arrives = disposition === 'delivered' && reply?.disposition === 'delivered';
  if (!outcome.ok) return !arrives;
  if (!arrives) return false;
  const server = at.netns === undefined ? `node/${at.node}` : `pod/${at.netns.replace('_', '/')}`;
  return (
    (outcome.server === undefined || outcome.server === server) &&
    (outcome.source === undefined || outcome.source === packet.source)
  );
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
