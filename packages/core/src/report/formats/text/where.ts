import type { Finding } from '../../../model/finding.ts';
import type { Subject } from '../../../model/subject.ts';
import { commonValues } from '../../shared/common-values.ts';
import { compressNames } from '../../shared/compress-names.ts';
import { printable } from '../../shared/unprintable.ts';
import { joinWords, subjectCounts, subjectText } from '../../shared/words.ts';

/** Runs of names shown when not everything is asked for. */
const FEW_RUNS = 6;
/** A run of names with many gaps is cut too. */
const LONGEST_RUN = 120;

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
  const shown = runs.filter(
    ({ text, count }, index) => index < FEW_RUNS && (count === 1 || text.length <= LONGEST_RUN),
  );
  const left = subjects.length - shown.reduce((sum, { count }) => sum + count, 0);
  const names = shown.map(({ text }) => text);
  if (left > 0) names.push(`${left} more`);
  return joinWords(names);
}
