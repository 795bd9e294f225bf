import type { Finding } from '../../../model/finding.ts';
import { componentOf } from '../../../model/issue.ts';
import type { Report } from '../../../model/report.ts';
import type { ReportContext, ReportFormat } from '../../format.ts';
import { coverageProblems } from '../../shared/coverage-problems.ts';
import { missingLines, reasonLines, verdictText } from '../../shared/reason-text.ts';
import { printable, printableLines } from '../../shared/unprintable.ts';
import { namesText } from '../../shared/where.ts';
import { subjectText } from '../../shared/words.ts';
import { xmlElement, xmlText } from './xml.ts';

/**
 * For viewers of test results: a suite for each component, a case for each issue on each subject. Affected is a
 * failure, undecided is skipped, the others pass. A suite about the evidence is always there, as some viewers refuse
 * a file without cases.
 */
export const junitFormat: ReportFormat = {
  id: 'junit',
  title: 'JUnit XML, for CI servers',
  mediaType: 'application/xml',
  extension: 'xml',
  render(report, context) {
    const suites = [...byComponent(report.findings)].map(([component, findings]) =>
      suite(
        component,
        findings.map((finding) => caseOf(finding, context)),
      ),
    );
    suites.push(suite('evidence', evidenceCases(report)));
    const totals = sum(suites.map(({ counts }) => counts));
    const root = xmlElement(
      'testsuites',
      { name: 'netvet', ...totals, errors: 0, time: 0 },
      suites.map(({ xml }) => `\n${xml}\n`),
    );
    return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;
  },
};

interface Counts {
  readonly tests: number;
  readonly failures: number;
  readonly skipped: number;
}

interface Case {
  readonly xml: string;
  readonly outcome: 'failure' | 'skipped' | 'passed';
}

function byComponent(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const components = new Map<string, Finding[]>();
  for (const finding of findings) {
    const component = componentOf(finding.issue);
    const known = components.get(component);
    if (known === undefined) components.set(component, [finding]);
    else known.push(finding);
  }
  return new Map([...components].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function suite(name: string, cases: readonly Case[]): { readonly xml: string; readonly counts: Counts } {
  const counts = {
    tests: cases.length,
    failures: cases.filter(({ outcome }) => outcome === 'failure').length,
    skipped: cases.filter(({ outcome }) => outcome === 'skipped').length,
  };
  const xml = xmlElement('testsuite', { name, ...counts, errors: 0, time: 0 }, [
    ...cases.map((one) => `\n${one.xml}`),
    '\n',
  ]);
  return { xml, counts };
}

function sum(parts: readonly Counts[]): Counts {
  const total = { tests: 0, failures: 0, skipped: 0 };
  for (const { tests, failures, skipped } of parts) {
    total.tests += tests;
    total.failures += failures;
    total.skipped += skipped;
  }
  return total;
}

function caseOf(finding: Finding, { issues }: ReportContext): Case {
  const { issue, subject, severity, verdict } = finding;
  const attributes = {
    classname: issue.replaceAll('/', '.'),
    name: printable(`${issue} on ${subjectText(subject)}`),
    time: 0,
  };
  const title = printable(issues.get(issue)?.title ?? issue);
  if (verdict === 'affected') {
    const message = `${severity}: ${title}`;
    const details = xmlText(
      [verdictText(finding), ...proofLines(finding), ...remedyLines(finding)].join('\n'),
    );
    const failure = xmlElement('failure', { message, type: severity }, [details]);
    return { outcome: 'failure', xml: xmlElement('testcase', attributes, [failure]) };
  }
  if (verdict === 'unknown') {
    const lacks = missingLines(finding).join('; ');
    const message = `not decided${lacks === '' ? '' : `; would settle it: ${lacks}`}`;
    return {
      outcome: 'skipped',
      xml: xmlElement('testcase', attributes, [xmlElement('skipped', { message })]),
    };
  }
  const output = xmlText([`${title}`, verdictText(finding), ...proofLines(finding)].join('\n'));
  const xml = xmlElement('testcase', attributes, [xmlElement('system-out', {}, [output])]);
  return { outcome: 'passed', xml };
}

function proofLines(finding: Finding): readonly string[] {
  return ['', 'Proof:', ...reasonLines(finding).map((line) => `- ${line}`)];
}

function remedyLines({ remedies }: Finding): readonly string[] {
  const lines = remedies.flatMap(({ text, command, sideEffects }) => [
    `- ${printable(text)}`,
    ...(command === undefined ? [] : printableLines(command).map((line) => `  $ ${line}`)),
    ...(sideEffects === undefined ? [] : [`  side effects: ${printable(sideEffects)}`]),
  ]);
  return lines.length === 0 ? [] : ['', 'What to do:', ...lines];
}

function evidenceCases({ coverage }: Report): readonly Case[] {
  const classname = 'evidence';
  const problems = coverageProblems(coverage);
  if (problems.length === 0) {
    return [
      {
        outcome: 'passed',
        xml: xmlElement('testcase', { classname, name: 'all files are readable', time: 0 }),
      },
    ];
  }
  return problems.map(({ probe, status, reason = '', file, line, subjects }) => {
    const place = `${file ?? probe}${line === undefined ? '' : `:${line}`}`;
    const name = printable(`${place} on ${namesText(subjects, false)}`);
    const message = printable(`${status}${reason === '' ? '' : `: ${reason}`}`);
    const skipped = xmlElement('skipped', { message });
    return { outcome: 'skipped', xml: xmlElement('testcase', { classname, name, time: 0 }, [skipped]) };
  });
}
