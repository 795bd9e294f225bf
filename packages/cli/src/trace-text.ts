import type { Evidence, TraceAnswer, TracePath, TraceRefusal, TraceStep } from '@netvet/core';

/** An answer for reading: each path with its steps, then what was not modelled. */
export function traceText(answer: TraceAnswer | TraceRefusal): string {
  const { from, to } = answer.question;
  if ('error' in answer) return `${from} to ${to}: ${answer.error.message}\n`;
  const lines = [`${from} to ${to}, ${answer.question.protocol}`];
  for (const path of answer.paths) lines.push('', ...pathLines(path));
  if (answer.notModelled.length > 0) {
    lines.push('', 'not modelled:');
    for (const point of answer.notModelled) {
      lines.push(
        `  ${place(point)}: ${point.text}${point.couldChangeAnswer ? '' : ' (does not change the answer)'}`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

/** A way of a packet or of its answer. */
export type Way = Omit<TracePath, 'probability' | 'reply'>;

function pathLines(path: TracePath): readonly string[] {
  return wayLines(path, path.probability === 1 ? '' : `${(path.probability * 100).toFixed(1)} %: `);
}

/** One way: where it ends, after `heading`, then its steps. */
export function wayLines({ disposition, at, packet, steps }: Way, heading: string): readonly string[] {
  const where = [at.node, at.netns, at.interface].filter((part) => part !== undefined).join('/');
  const source = end(packet.source, packet.sourcePort);
  const translated = packet.snat ? ', source translated' : '';
  return [
    `${heading}${disposition} at ${where}: ${source} to ${end(packet.destination, packet.destinationPort)}${translated}`,
    ...steps.map(stepLine),
  ];
}

function end(address: string, port: number | undefined): string {
  if (port === undefined) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function stepLine({ node, netns, element, hook, table, chain, action, detail, evidence }: TraceStep): string {
  const where = [node, netns].filter((part) => part !== undefined).join('/');
  const what = [element, hook, table, chain].filter((part) => part !== undefined).join(' ');
  const [first] = evidence;
  const proof = first === undefined ? '' : `  (${place(first)})`;
  return `  ${where}  ${what}: ${action}${detail === undefined ? '' : ` ${detail}`}${proof}`;
}

/** A place of proof: the file, with the line or the pointer into it. */
export function place({ file, line, pointer }: Evidence): string {
  if (line !== undefined) return `${file}:${line}`;
  return pointer === undefined || pointer === '' ? file : `${file}#${pointer}`;
}
