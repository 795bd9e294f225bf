import type { Finding } from '../../model/finding.ts';
import type { Subject } from '../../model/subject.ts';
import { commonValues } from './common-values.ts';
import { compressNames, type NameRun } from './compress-names.ts';
import type { IssueGroup } from './issue-groups.ts';
import { printable } from './unprintable.ts';
import { joinWords, subjectCounts, subjectText } from './words.ts';

/** Runs and characters of names shown when not everything is asked for. */
const FEW_RUNS = 6;
const FEW_CHARACTERS = 200;

/** `212 of 340 nodes, all with kernel 4.18.0-305.el8`, or the name where it is only one. */
export function whereText(findings: readonly Finding[], nodes: number): string {
  const [first] = findings;
  if (first !== undefined && findings.length === 1) {
    return first.subject.kind === 'cluster' ? 'the cluster' : subjectText(first.subject);
  }
  const subjects = findings.map(({ subject }) => subject);
  const common = commonValues(findings);
  return `${subjectCounts(subjects, nodes)}${common.length === 0 ? '' : `, all with ${joinWords(common)}`}`;
}

/** Names of subjects, numbered ones as runs; says how many are left out unless `whole` is asked for. */
export function namesText(subjects: readonly Subject[], whole: boolean): string {
  const runs = compressNames(subjects.map(({ name }) => printable(name)));
  if (whole) return runs.map(({ text }) => text).join(', ');
  const shown: NameRun[] = [];
  let characters = 0;
  for (const run of runs.slice(0, FEW_RUNS)) {
    characters += run.text.length;
    if (shown.length > 0 && characters > FEW_CHARACTERS) break;
    shown.push(run);
  }
  const left = subjects.length - shown.reduce((sum, { count }) => sum + count, 0);
  const names = shown.map(({ text }) => text);
  if (left > 0) names.push(`${left} more`);
  return names.join(', ');
}

/** {@link namesText} of the subjects of findings. */
export function namesOf(findings: readonly Finding[], whole: boolean): string {
  return namesText(
    findings.map(({ subject }) => subject),
    whole,
  );
}

/** On which other subjects the verdict is another one; empty where there are none. */
export function elsewhereText({ verdict, mitigated, unknown }: IssueGroup, whole: boolean): string {
  const parts: string[] = [];
  if (verdict !== 'mitigated' && verdict !== 'unknown' && mitigated.length > 0) {
    parts.push(`mitigated on ${namesOf(mitigated, whole)}`);
  }
  if (unknown.length > 0) parts.push(`not decided on ${namesOf(unknown, whole)}`);
  return parts.length === 0 ? '' : `besides: ${parts.join('; ')}`;
}
