import { type Parsed, ProblemLog } from '../parsed.ts';
import { outputLinesOf } from '../tool-output/index.ts';
import { moduleName } from './name.ts';

/** A module that is part of the kernel image. */
export interface BuiltinModule {
  readonly name: string;
  readonly line: number;
}

/** Whether a module could be loaded on a host. */
export interface AvailableModule {
  readonly available: boolean;
  readonly line: number;
}

const BUILTIN = /^(?:\S*\/)?([^\s/]+)\.ko(?:\.(?:gz|xz|zst))?$/;
const AVAILABLE = /^(\S+)\s+(yes|no)$/;

/**
 * Reads `/lib/modules/$(uname -r)/modules.builtin`.
 * `kernel/net/netfilter/ipvs/ip_vs_rr.ko` gives `ip_vs_rr` → `{ name: 'ip_vs_rr', line: 1 }`. Names have `_` for `-`.
 */
export function parseModulesBuiltin(text: string): Parsed<ReadonlyMap<string, BuiltinModule>> {
  const problems = new ProblemLog();
  const modules = new Map<string, BuiltinModule>();
  for (const { number, text: line } of outputLinesOf(text, problems)) {
    const file = BUILTIN.exec(line.trim())?.[1];
    const name = file === undefined ? undefined : moduleName(file);
    if (name === undefined) problems.add({ line: number }, 'not the path of a kernel module', line);
    else modules.set(name, { name, line: number });
  }
  return { value: modules, problems: problems.list() };
}

/**
 * Reads what `modprobe --dry-run` found, one module a line.
 * `xt_comment yes` gives `xt_comment` → `{ available: true, line: 1 }`. Names have `_` for `-`; the last line of a name wins.
 */
export function parseModulesAvailable(text: string): Parsed<ReadonlyMap<string, AvailableModule>> {
  const problems = new ProblemLog();
  const modules = new Map<string, AvailableModule>();
  for (const { number, text: line } of outputLinesOf(text, problems)) {
    const [, word, answer] = AVAILABLE.exec(line.trim()) ?? [];
    const name = word === undefined ? undefined : moduleName(word);
    if (name === undefined) problems.add({ line: number }, 'not a line "name yes" or "name no"', line);
    else modules.set(name, { available: answer === 'yes', line: number });
  }
  return { value: modules, problems: problems.list() };
}
