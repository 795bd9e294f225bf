import { readFile } from 'node:fs/promises';
import { Network, type TraceAnswer, type TraceQuestion, type TraceRefusal, traceFlow } from '@netvet/core';
import { EXIT, type ExitCode, UsageError } from '../exit-codes.ts';
import { type FlowOptions, questionOf } from '../flow-options.ts';
import { loadSource } from '../load-source.ts';
import type { LimitOptions } from '../options.ts';
import { messagesFor } from '../terminal.ts';
import { traceText } from '../trace-text.ts';
import { writeOutput } from '../write-output.ts';

interface Options extends LimitOptions, FlowOptions {
  readonly flows?: string;
  readonly output: 'text' | 'json';
  readonly outputFile?: string;
  readonly quiet?: boolean;
}

/** `netvet trace SOURCE --from A --to B`, or `--flows FILE.json` for many questions at once. */
export async function trace(source: string, options: Options): Promise<ExitCode> {
  const questions = await questionsOf(options);
  const { snapshot } = await loadSource(source, options, messagesFor(options));
  const network = new Network(snapshot);
  const answers = questions.map((question) => answerOf(network, question));
  const [first] = answers;
  if (options.flows === undefined && first !== undefined && 'error' in first) {
    throw new UsageError(first.error.message);
  }
  const shown = options.flows === undefined ? first : answers;
  const text = options.output === 'json' ? JSON.stringify(shown, null, 2) : answers.map(traceText).join('\n');
  await writeOutput(text, options.outputFile);
  return EXIT.ok;
}

async function questionsOf(options: Options): Promise<readonly unknown[]> {
  const { from, to, flows } = options;
  if (flows !== undefined) {
    if (from !== undefined || to !== undefined)
      throw new UsageError('give either --flows, or --from and --to');
    return await readFlows(flows);
  }
  const question = questionOf(options);
  if (question === undefined) throw new UsageError('give --from and --to, or --flows');
  return [question];
}

async function readFlows(file: string): Promise<readonly unknown[]> {
  let questions: unknown;
  try {
    questions = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!Array.isArray(questions)) throw new UsageError(`${file}: expected an array of questions`);
  return questions;
}

function answerOf(network: Network, question: unknown): TraceAnswer | TraceRefusal {
  const problem = problemOf(question);
  if (problem === undefined) return traceFlow(network, question as TraceQuestion);
  return { question: question as TraceQuestion, error: { code: 'bad-question', message: problem } };
}

/** What keeps a value from a file from being a question; names are judged when they are looked up. */
function problemOf(question: unknown): string | undefined {
  if (typeof question !== 'object' || question === null || Array.isArray(question))
    return 'expected an object';
  const fields = question as Record<string, unknown>;
  for (const name of ['from', 'to']) {
    if (typeof fields[name] !== 'string') return `${name}: expected text`;
  }
  for (const name of ['protocol', 'state', 'in']) {
    if (fields[name] !== undefined && typeof fields[name] !== 'string') return `${name}: expected text`;
  }
  const { sourcePort, size } = fields;
  if (size !== undefined && !(typeof size === 'number' && Number.isInteger(size) && size > 0))
    return 'size: expected a number of bytes';
  const isPort = typeof sourcePort === 'number' && Number.isInteger(sourcePort) && sourcePort >= 0;
  if (sourcePort !== undefined && !(isPort && sourcePort <= 65_535))
    return 'sourcePort: expected a port number';
  return undefined;
}
