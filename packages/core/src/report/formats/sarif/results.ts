import type { Finding, Verdict } from '../../../model/finding.ts';
import type { Issue } from '../../../model/issue.ts';
import { missingLines, reasonLines, verdictText } from '../../shared/reason-text.ts';
import { printable } from '../../shared/unprintable.ts';
import { fingerprint } from './fingerprint.ts';
import { locationsOf } from './locations.ts';
import { levelOf } from './rules.ts';

/** What SARIF calls a verdict (section 3.27.9): something somebody has to look at is `review`. */
const KINDS: Readonly<Record<Verdict, 'fail' | 'open' | 'review' | 'pass'>> = {
  affected: 'fail',
  unknown: 'open',
  mitigated: 'review',
  'not-affected': 'pass',
};

/** A finding as a SARIF result. */
export function resultOf(finding: Finding, ruleIndex: number, issues: ReadonlyMap<string, Issue>) {
  const { issue, severity, verdict, basis, subject } = finding;
  const kind = KINDS[verdict];
  return {
    ruleId: issue,
    ...(ruleIndex < 0 ? {} : { ruleIndex }),
    kind,
    // Section 3.27.10: only a failure has a level.
    level: kind === 'fail' ? levelOf(severity) : 'none',
    message: { text: messageOf(finding, issues.get(issue)) },
    locations: locationsOf(finding),
    partialFingerprints: { 'netvetFinding/v1': fingerprint([issue, subject.kind, subject.name]) },
    properties: { verdict, severity, ...(basis === undefined ? {} : { basis }) },
  };
}

function messageOf(finding: Finding, issue: Issue | undefined): string {
  const lines = [
    printable(issue?.title ?? finding.issue),
    `${verdictText(finding)}.`,
    ...reasonLines(finding),
  ];
  const missing = missingLines(finding);
  if (missing.length > 0) lines.push('Would settle it:', ...missing);
  return lines.join('\n');
}
