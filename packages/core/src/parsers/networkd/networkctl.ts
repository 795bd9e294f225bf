import type { Draft } from '../iproute2/defined.ts';
import { type Parsed, ProblemLog } from '../parsed.ts';
import { outputLinesOf, reject } from '../tool-output/index.ts';

/** A link as systemd-networkd sees it. */
export interface NetworkctlLink {
  readonly index?: number;
  readonly name: string;
  /** `ether`, `loopback`, `vxlan` … */
  readonly type?: string;
  /** `routable`, `degraded`, `carrier`, `no-carrier`, `off`, or `n/a` while networkd is not running. */
  readonly operational?: string;
  /** `configured`, `unmanaged`, `configuring`, `failed` … */
  readonly setup?: string;
  readonly line: number;
}

const ROW = /^\s*(\d{1,10})\s+(\S{1,80})\s+(\S{1,40})\s+(\S{1,40})\s+(\S{1,40})\s*$/;
const HEADING = /^IDX\s+LINK\s+TYPE\s/;
const FOOTER = /^\s*\d+ links? listed\.\s*$/;
const STATUS_HEADING = /^[●○*×↻]?\s*(\d{1,10}): (\S{1,80})\s*$/u;
/** `State: routable (configured)`, `Address: …`, and lines that go on with more addresses. */
const STATUS_FIELD = /^[●○*×↻]?\s+(?:([A-Z][\w ()/-]{0,60}): (.{1,400})|\S.{0,400})$/u;

/** The last messages about a link, which newer versions show below its status. */
const JOURNAL = /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d /;

/**
 * Reads `networkctl list`, also without its legend, and the links of `networkctl status`.
 *
 * ```text
 * IDX LINK             TYPE               OPERATIONAL SETUP
 *   2 eth0             ether              routable    configured
 * ```
 * gives `[{ index: 2, name: 'eth0', type: 'ether', operational: 'routable', setup: 'configured', line: 2 }]`.
 * `networkctl status` without a link describes the whole host and gives no links.
 */
export function parseNetworkctl(text: string): Parsed<readonly NetworkctlLink[]> {
  const problems = new ProblemLog();
  const links: NetworkctlLink[] = [];
  let described: Draft<NetworkctlLink> | undefined;
  let isStatus = false;
  for (const { number: line, text: content } of outputLinesOf(text, problems)) {
    const [, index, name] = STATUS_HEADING.exec(content) ?? [];
    if (HEADING.test(content) || FOOTER.test(content)) continue;
    if (index !== undefined && name !== undefined) {
      described = { index: Number(index), name, line };
      links.push(described);
      isStatus = true;
      continue;
    }
    const row = isStatus ? undefined : readRow(content, line);
    const field = STATUS_FIELD.exec(content);
    if (row !== undefined) links.push(row);
    else if (field !== null && (isStatus || field[1] === 'State' || field[1] === 'Interfaces')) {
      isStatus = true;
      if (described !== undefined) readField(described, field[1], field[2] ?? '');
    } else if (!isStatus || !JOURNAL.test(content))
      reject(problems, { line }, 'expected a link with type and states', content);
  }
  return { value: links, problems: problems.list() };
}

function readRow(text: string, line: number): NetworkctlLink | undefined {
  const [, index, name, type, operational, setup] = ROW.exec(text) ?? [];
  if (name === undefined || type === undefined || operational === undefined || setup === undefined)
    return undefined;
  return { index: Number(index), name, type, operational, setup, line };
}

function readField(link: Draft<NetworkctlLink>, name: string | undefined, value: string): void {
  if (name === 'Type') link.type = value.trim();
  if (name !== 'State') return;
  const [, operational, setup] = /^(\S+)(?: \((\S+)\))?\s*$/.exec(value) ?? [];
  if (operational !== undefined) link.operational = operational;
  if (setup !== undefined) link.setup = setup;
}
