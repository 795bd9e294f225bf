import type { Finding } from '../../../model/finding.ts';
import type { Report } from '../../../model/report.ts';
import type { ReportContext } from '../../format.ts';
import type { IssueGroup } from '../../shared/issue-groups.ts';
import { type OfferedRemedy, remediesOf } from '../../shared/offered-remedies.ts';
import { placeText, proofOf } from '../../shared/proof.ts';
import { elsewhereText, namesOf, namesText, whereText } from '../../shared/where.ts';
import { BASIS_TEXT, countOf } from '../../shared/words.ts';
import { markdownBlock, markdownCell, markdownCode, markdownText } from './escape.ts';
import { markdownTable } from './table.ts';

/** Rows of proof and variants of remedies shown when not everything is asked for. */
const FEW_ROWS = 20;
const FEW_REMEDIES = 6;

/** The blocks about an issue that some subject has. */
export function affectedSection(
  group: IssueGroup,
  report: Report,
  { verbose }: ReportContext,
): readonly string[] {
  const { severity, id, title, affected, basis, issue } = group;
  const elsewhere = elsewhereText(group, verbose);
  const facts = [
    `- **Where:** ${markdownText(whereText(affected, report.source.nodes))}`,
    ...(affected.length > 1 ? [`- **Names:** ${markdownCode(namesOf(affected, verbose))}`] : []),
    ...(elsewhere === '' ? [] : [`- **Besides:** ${markdownText(elsewhere.replace(/^besides: /, ''))}`]),
    ...(basis === undefined ? [] : [`- **How sure:** ${basis}: ${BASIS_TEXT[basis]}`]),
  ];
  const verify = (issue?.verify ?? []).map((step) => `- ${markdownText(step)}`);
  const references = (issue?.references ?? []).map((one) => `- ${markdownText(one)}`);
  return [
    `## ${severity}: ${markdownText(title)}`,
    markdownCode(id),
    facts.join('\n'),
    ...(issue === undefined ? [] : [markdownText(issue.summary)]),
    '### Proof',
    ...proofTable(affected, verbose),
    ...remedyBlocks(remediesOf(affected), affected.length, verbose),
    ...(verify.length === 0 ? [] : ['### How to check', verify.join('\n')]),
    ...(references.length === 0 ? [] : ['### References', references.join('\n')]),
  ];
}

function proofTable(findings: readonly Finding[], whole: boolean): readonly string[] {
  const rows = proofOf(findings).flatMap(({ condition, values }) =>
    values.map(({ value, uncertain, subjects, evidence, alike }) => [
      `${markdownText(condition)}${uncertain === undefined ? '' : ` (not certain: ${markdownText(uncertain)})`}`,
      markdownCell(value),
      subjects.length === findings.length ? 'each' : markdownCell(namesText(subjects, whole)),
      `${evidence.map((one) => markdownCell(placeText(one))).join(', ')}${alike === 0 ? '' : `; ${alike} more alike`}`,
    ]),
  );
  const shown = whole ? rows : rows.slice(0, FEW_ROWS);
  const left = rows.length - shown.length;
  return [
    markdownTable(['Condition', 'Value', 'On', 'Evidence'], shown),
    ...(left === 0 ? [] : [`${countOf(left, 'more row')}: the verbose report shows them.`]),
  ];
}

function remedyBlocks(
  remedies: readonly OfferedRemedy[],
  subjects: number,
  whole: boolean,
): readonly string[] {
  if (remedies.length === 0) return [];
  const shown = whole ? remedies : remedies.slice(0, FEW_REMEDIES);
  const left = remedies.length - shown.length;
  return [
    '### What to do',
    ...shown.map((one, index) => remedyItem(one, index + 1, subjects, whole)),
    ...(left === 0
      ? []
      : [`${countOf(left, 'more variant')} for other subjects: the verbose report shows them.`]),
  ];
}

function remedyItem(
  { remedy, subjects: own }: OfferedRemedy,
  number: number,
  subjects: number,
  whole: boolean,
): string {
  const { text, component, to, command, files = [], sideEffects, persistence, needs } = remedy;
  const mark = `${number}. `;
  const indent = mark.length;
  const target =
    component === undefined || to === undefined ? '' : ` (${markdownCode(`${component} ${to}`)})`;
  const notes = [
    ['Side effects', sideEffects],
    ['Lasts', persistence],
    ['Needs', needs],
  ].flatMap(([label, note]) =>
    note === undefined ? [] : [`${' '.repeat(indent)}- ${label}: ${markdownText(note)}`],
  );
  return [
    `${mark}${markdownText(text)}${target}`,
    ...(own.length < subjects ? [`${' '.repeat(indent)}For ${markdownCode(namesText(own, whole))}.`] : []),
    ...(command === undefined ? [] : [markdownBlock(command, indent)]),
    ...files.flatMap(({ path, content }) => [
      `${' '.repeat(indent)}File ${markdownCode(path)}:`,
      markdownBlock(content, indent),
    ]),
    ...(notes.length === 0 ? [] : [notes.join('\n')]),
  ].join('\n\n');
}
