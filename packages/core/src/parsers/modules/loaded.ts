import type { Place } from '../../model/evidence.ts';
import { type Parsed, ProblemLog } from '../parsed.ts';
import { outputLinesOf } from '../tool-output/index.ts';
import { moduleName } from './name.ts';

/** A module in the running kernel. */
export interface LoadedModule extends Place {
  /** With `_` for `-`. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Modules that use this one. */
  readonly usedBy: readonly string[];
  /** How often it is in use; -1 when the kernel does not count (built without unloading of modules). */
  readonly refCount: number;
  /** Only `/proc/modules` says it; a module that is `Loading` or `Unloading` does not work yet or any more. */
  readonly state?: 'Live' | 'Loading' | 'Unloading';
  /** Taint letters as `/proc/modules` prints them, for example `OE`. */
  readonly taints?: string;
}

const HEADER = /^Module\s+Size\s+Used by\s*$/;
const LSMOD_ROW = /^(\S+)\s+(\d+)\s+(-?\d+)(?:\s+(\S+))?\s*$/;
const PROC_ROW =
  /^(\S+) (\d+) (-|\d+) (\S+) (Live|Loading|Unloading) 0x[0-9a-fA-F]+(?: \(([A-Z]+[+-]?)\))?\s*$/;

/**
 * Reads `lsmod` or `/proc/modules`.
 *
 * ```text
 * Module                  Size  Used by
 * bridge                151336  1 br_netfilter
 * ```
 * or
 * ```text
 * bridge 151336 1 br_netfilter, Live 0x0000000000000000
 * ```
 * gives `bridge` → `{ name: 'bridge', size: 151336, refCount: 1, usedBy: ['br_netfilter'], line: … }`.
 */
export function parseLsmod(text: string): Parsed<ReadonlyMap<string, LoadedModule>> {
  const problems = new ProblemLog();
  const modules = new Map<string, LoadedModule>();
  for (const { number, text: line } of outputLinesOf(text, problems)) {
    if (HEADER.test(line.slice(0, 100))) continue;
    const module = readProcRow(line, number) ?? readLsmodRow(line, number);
    if (module === undefined) problems.add({ line: number }, 'not a row of lsmod or /proc/modules', line);
    else modules.set(module.name, module);
  }
  return { value: modules, problems: problems.list() };
}

function readProcRow(text: string, line: number): LoadedModule | undefined {
  const [, rawName = '', size, count, users = '', state, taints] = PROC_ROW.exec(text) ?? [];
  const name = moduleName(rawName);
  if (name === undefined) return undefined;
  return {
    name,
    size: Number(size),
    refCount: count === '-' ? -1 : Number(count),
    usedBy: userNames(users),
    state: state as 'Live' | 'Loading' | 'Unloading',
    ...(taints === undefined ? {} : { taints }),
    line,
  };
}

function readLsmodRow(text: string, line: number): LoadedModule | undefined {
  const [, rawName = '', size, count, users = ''] = LSMOD_ROW.exec(text) ?? [];
  const name = moduleName(rawName);
  if (name === undefined) return undefined;
  return { name, size: Number(size), refCount: Math.max(-1, Number(count)), usedBy: userNames(users), line };
}

/** `a,b,` → `['a', 'b']`; `-` and the remark `[permanent]` are not modules. */
function userNames(text: string): readonly string[] {
  return text.split(',').flatMap((user) => moduleName(user) ?? []);
}
