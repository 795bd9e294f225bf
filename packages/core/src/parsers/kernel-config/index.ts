import { linesOf } from '../lines.ts';
import { type Parsed, ProblemLog } from '../parsed.ts';
import { outputLinesOf } from '../tool-output/index.ts';

/**
 * Build options of a kernel by name, `CONFIG_IP_VS`. The value is `y`, `m`, `n` (stands for "is not set"), or the text as
 * printed, quotes included. An option that the file does not mention is absent: that kernel may not know it, or its
 * dependencies are off.
 */
export type KernelConfig = ReadonlyMap<string, { readonly value: string; readonly line: number }>;

const SET = /^(CONFIG_[A-Za-z0-9_]+)=(.+)$/;
const NOT_SET = /^# (CONFIG_[A-Za-z0-9_]+) is not set$/;
const TITLE = /^# Linux\/(\S+) (\S+) Kernel Configuration$/;

/**
 * Reads `/boot/config-$(uname -r)` or the text of `/proc/config.gz`.
 *
 * ```text
 * CONFIG_IP_VS=m
 * # CONFIG_NFT_COMPAT is not set
 * ```
 * gives `CONFIG_IP_VS` → `{ value: 'm', line: 1 }` and `CONFIG_NFT_COMPAT` → `{ value: 'n', line: 2 }`.
 */
export function parseKernelConfig(text: string): Parsed<KernelConfig> {
  const problems = new ProblemLog();
  const options = new Map<string, { value: string; line: number }>();
  for (const { number, text: raw } of outputLinesOf(text, problems)) {
    const line = raw.trim();
    const [, name, value] = SET.exec(line) ?? [];
    if (name !== undefined && value !== undefined) {
      options.set(name, { value, line: number });
      continue;
    }
    const unset = NOT_SET.exec(line)?.[1];
    if (unset !== undefined) options.set(unset, { value: 'n', line: number });
    else if (!line.startsWith('#')) problems.add({ line: number }, 'not a kernel option', raw);
  }
  return { value: options, problems: problems.list() };
}

/** The kernel a configuration was made for. */
export interface KernelConfigTitle {
  readonly architecture: string;
  readonly release: string;
  readonly line: number;
}

/** How far down the title is looked for; kernels print it in the third line. */
const TITLE_LINES = 20;

/**
 * The title of a kernel configuration, `# Linux/x86 5.10.104 Kernel Configuration`; `undefined` when there is none,
 * which some distributions strip.
 */
export function findKernelConfigTitle(text: string): KernelConfigTitle | undefined {
  for (const { number, text: line } of linesOf(text)) {
    if (number > TITLE_LINES) return undefined;
    const [, architecture, release] = TITLE.exec(line) ?? [];
    if (architecture !== undefined && release !== undefined) return { architecture, release, line: number };
  }
  return undefined;
}
