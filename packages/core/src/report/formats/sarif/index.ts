import type { Report } from '../../../model/report.ts';
import type { ReportContext, ReportFormat } from '../../format.ts';
import { coverageProblems } from '../../shared/coverage-problems.ts';
import { groupByIssue } from '../../shared/issue-groups.ts';
import { toJson } from '../../shared/to-json.ts';
import { printable } from '../../shared/unprintable.ts';
import { artifactOf, EVIDENCE_BASE } from './locations.ts';
import { resultOf } from './results.ts';
import { ruleOf } from './rules.ts';

/** For code scanning and editors: SARIF 2.1.0, a rule for each issue, a result for each finding. */
export const sarifFormat: ReportFormat = {
  id: 'sarif',
  title: 'SARIF 2.1.0, for code scanning',
  mediaType: 'application/sarif+json',
  extension: 'sarif',
  render: (report, context) =>
    toJson(
      {
        $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
        version: '2.1.0',
        runs: [runOf(report, context)],
      },
      report.findings.length,
    ),
};

function runOf(report: Report, { issues }: ReportContext) {
  const groups = groupByIssue(report.findings, issues);
  const index = new Map(groups.map(({ id }, position) => [id, position]));
  return {
    tool: {
      driver: {
        name: 'netvet',
        version: report.netvet,
        semanticVersion: report.netvet,
        rules: groups.map(ruleOf),
      },
    },
    invocations: [{ executionSuccessful: true, toolExecutionNotifications: notificationsOf(report) }],
    originalUriBaseIds: {
      [EVIDENCE_BASE]: { description: { text: 'Root of the evidence that was scanned.' } },
    },
    columnKind: 'utf16CodeUnits',
    results: report.findings.map((finding) => resultOf(finding, index.get(finding.issue) ?? -1, issues)),
    properties: {
      source: report.source,
      catalogue: report.catalogue,
      summary: report.summary,
    },
  };
}

function notificationsOf({ coverage }: Report) {
  return coverageProblems(coverage).map(({ probe, status, reason, file, line }) => ({
    level: 'warning',
    message: { text: printable(`${file ?? probe}: ${status}${reason === undefined ? '' : `, ${reason}`}`) },
    ...(file === undefined
      ? {}
      : { locations: [{ physicalLocation: artifactOf({ file, ...(line === undefined ? {} : { line }) }) }] }),
  }));
}
