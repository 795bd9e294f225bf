import { type Parsed, ProblemLog } from '../parsed.ts';
import { outputLinesOf } from '../tool-output/index.ts';

/** The state of a systemd unit, in systemd's words: `loaded`/`not-found`/…, `active`/`inactive`/`failed`/…, `running`/`dead`/…. */
export interface UnitState {
  readonly load: string;
  readonly active: string;
  readonly sub: string;
  readonly line: number;
}

const LOAD = new Set(['loaded', 'not-found', 'bad-setting', 'error', 'masked', 'merged', 'stub']);
const ACTIVE = new Set([
  'active',
  'reloading',
  'inactive',
  'failed',
  'activating',
  'deactivating',
  'maintenance',
  'refreshing',
]);
/** A mark before the name: colour dots of failed or missing units, which turn to `*` or `x` outside UTF-8 locales. */
const ROW = /^\s*(?:[●○◌×↻*x]\s+)?(\S+)\s+(\S+)\s+(\S+)\s+(\S+)(?:\s|$)/;
const UNIT_TYPE = /\.(?:service|socket|target|device|mount|automount|swap|timer|path|slice|scope|snapshot)$/;
/** What is printed around the rows when the legend was not turned off. */
const LEGEND =
  /^\s*(?:UNIT\s+LOAD\s+ACTIVE|(?:LOAD|ACTIVE|SUB|JOB)\s+(?:=|→)|\d+ loaded units listed|To show all installed)/;

/**
 * Reads `systemctl list-units --all --no-legend`.
 *
 * ```text
 *   containerd.service loaded    active   running containerd container runtime
 * ● firewalld.service  not-found inactive dead    firewalld.service
 * ```
 * gives `containerd.service` → `{ load: 'loaded', active: 'active', sub: 'running', line: 1 }` and the like for the second.
 */
export function parseUnits(text: string): Parsed<ReadonlyMap<string, UnitState>> {
  const problems = new ProblemLog();
  const units = new Map<string, UnitState>();
  for (const { number, text: line } of outputLinesOf(text, problems)) {
    if (LEGEND.test(line)) continue;
    const [, name, load, active, sub] = ROW.exec(line) ?? [];
    if (
      name === undefined ||
      load === undefined ||
      active === undefined ||
      sub === undefined ||
      !UNIT_TYPE.test(name) ||
      !LOAD.has(load) ||
      !ACTIVE.has(active)
    ) {
      problems.add({ line: number }, 'not a row of systemctl list-units', line);
      continue;
    }
    units.set(name, { load, active, sub, line: number });
  }
  return { value: units, problems: problems.list() };
}
