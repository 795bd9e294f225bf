import { jsonRecords, sketchOf } from '../iproute2/json.ts';
import { type Parsed, ProblemLog } from '../parsed.ts';
import { outputLinesOf, reject } from '../tool-output/index.ts';
import { ruleFromJson } from './json.ts';
import type { PolicyRule } from './rule.ts';
import { readRule } from './text.ts';

export type { PolicyRule } from './rule.ts';

/**
 * Reads `ip rule`.
 *
 * ```text
 * 100:	not from 10.0.0.0/8 fwmark 0x1/0xff lookup 100
 * ```
 * gives `{ family: 4, priority: 100, invert: true, from: '10.0.0.0/8', fwmark: 1, fwmask: 0xff, action: 'lookup',
 * table: '100', extra: [], line: 1 }`. A rule that is not fully understood is left out and becomes a problem.
 * `family` is what the command asked for (4 when not given, as `ip rule` does); addresses in a rule come first.
 */
export function parseIpRule(text: string, family?: 4 | 6): Parsed<readonly PolicyRule[]> {
  const problems = new ProblemLog();
  const value: PolicyRule[] = [];
  for (const { number: line, text: content } of outputLinesOf(text, problems)) {
    const rule = readRule(content, line, family);
    if (typeof rule === 'string') reject(problems, { line }, rule, content);
    else value.push(rule);
  }
  return { value, problems: problems.list() };
}

/** Reads `ip -j rule`: the same records as {@link parseIpRule}, with `pointer` for `line`. */
export function parseIpRuleJson(text: string, family?: 4 | 6): Parsed<readonly PolicyRule[]> {
  const problems = new ProblemLog();
  const value: PolicyRule[] = [];
  for (const record of jsonRecords(text, problems)) {
    const rule = ruleFromJson(record, family);
    if (typeof rule === 'string') problems.add({ pointer: record.pointer }, rule, sketchOf(record.fields));
    else value.push(rule);
  }
  return { value, problems: problems.list() };
}
