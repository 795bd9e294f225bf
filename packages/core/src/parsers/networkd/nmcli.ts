import { isFailureText } from '../failure-text.ts';
import { type Parsed, ProblemLog } from '../parsed.ts';
import { outputLinesOf, reject } from '../tool-output/index.ts';

interface DeviceState {
  readonly state: string;
  readonly line: number;
}

/**
 * Reads `nmcli -t -f DEVICE,STATE device`, and the table of plain `nmcli device`.
 *
 * ```text
 * eth0:connected
 * vxlan.calico:unmanaged
 * ```
 * gives `eth0` → `{ state: 'connected', line: 1 }`. In the short form `\:` and `\\` stand for `:` and `\`.
 */
export function parseNmcliDevice(text: string): Parsed<ReadonlyMap<string, { state: string; line: number }>> {
  const problems = new ProblemLog();
  const devices = new Map<string, DeviceState>();
  let columns: Columns | undefined;
  for (const { number: line, text: content } of outputLinesOf(text, problems)) {
    columns ??= readHeading(content);
    if (content.startsWith('DEVICE ')) continue;
    const [name, state] = columns === undefined ? splitTerse(content) : splitRow(content, columns);
    if (name === '' || state === '' || isFailureText(content)) {
      reject(problems, { line }, 'expected a device and its state', content);
    } else devices.set(name, { state, line });
  }
  return { value: devices, problems: problems.list() };
}

/** Where the state column of the table begins and ends. */
interface Columns {
  readonly start: number;
  readonly end: number;
}

function readHeading(text: string): Columns | undefined {
  if (!text.startsWith('DEVICE ')) return undefined;
  const start = text.indexOf(' STATE ') + 1;
  const next = text.slice(start).search(/\s[A-Z]/);
  return start === 0 ? undefined : { start, end: next < 0 ? text.length : start + next };
}

function splitRow(text: string, { start, end }: Columns): [string, string] {
  return [/^\S{1,80}/.exec(text)?.[0] ?? '', text.slice(start, end).trim()];
}

function splitTerse(text: string): [string, string] {
  const [, name = '', state = ''] = /^((?:[^\\:]|\\.){1,120}):([^:\s][^:]{0,80})$/.exec(text) ?? [];
  return [name.replace(/\\(.)/g, '$1'), state.trim()];
}
