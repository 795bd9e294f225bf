import type { TraceAnswer } from '../../../src/datapath/model/answer.ts';
import { traceFlow } from '../../../src/datapath/trace.ts';
import { networkOf } from '../network-of.ts';
import { ADDRESS, type Name } from './topology.ts';

export const FIRST_SOURCE_PORT = 40_000;

/** A packet that was sent. */
export interface Question {
  readonly id: number;
  readonly from: Name;
  readonly destination: string;
  readonly port: number;
}

/** Where it arrived, and whom it seemed to come from. */
export interface Receipt {
  readonly at: Name;
  readonly address: string;
  readonly port: number;
  readonly source: string;
}

/** A lab with what the kernel did in it. */
export interface RecordedLab {
  readonly seed: number;
  /** The back ends in use, then everything that was set up. */
  readonly rules: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  readonly seen: readonly (Question & {
    readonly receipt?: Receipt | undefined;
    readonly isAnswered: boolean;
  })[];
}

/** Every packet of a lab on which the walk and the kernel do not agree, as text. */
export async function disagreements({ seed, rules, files, seen }: RecordedLab): Promise<readonly string[]> {
  const network = await networkOf(files);
  const wrong: string[] = [];
  for (const { receipt, isAnswered, ...question } of seen) {
    const answer = traceFlow(
      network,
      {
        from: ADDRESS[question.from],
        to: `${question.destination}:${question.port}`,
        protocol: 'udp',
        sourcePort: FIRST_SOURCE_PORT + question.id,
      },
      { withReply: true },
    );
    if ('error' in answer) {
      wrong.push(`${JSON.stringify(question)}: ${answer.error.message}`);
      continue;
    }
    const isUnknown = answer.paths.some(
      ({ disposition, reply }) => disposition === 'unknown' || reply?.disposition === 'unknown',
    );
    // Which of two back ends got hold of a hook first can not be seen afterwards.
    if (isUnknown && rules[0] === 'both') continue;
    if (isUnknown || !isAllowed(answer, receipt, isAnswered)) {
      wrong.push(
        JSON.stringify({ seed, question, seen: receipt ?? 'lost', isAnswered, rules, answer }, null, 1),
      );
    }
  }
  return wrong;
}

/** Whether what was seen is one of the ways that the answer allows. */
function isAllowed(answer: TraceAnswer, receipt: Receipt | undefined, isAnswered: boolean): boolean {
  return answer.paths.some(({ disposition, at, packet, reply }) => {
    if (disposition !== 'delivered') return receipt === undefined;
    if (receipt === undefined) return false;
    const name = at.netns === undefined ? at.node : at.netns.replace('default_', '');
    return (
      name === receipt.at &&
      (reply?.disposition === 'delivered') === isAnswered &&
      packet.source === receipt.source &&
      packet.destinationPort === receipt.port &&
      packet.destination === receipt.address
    );
  });
}
