import type { Report } from '../../../model/report.ts';
import { isAtLeast } from '../../../model/severity.ts';
import type { IssueGroup } from '../../shared/issue-groups.ts';
import { remediesOf } from '../../shared/offered-remedies.ts';
import { elsewhereText, namesOf, whereText } from '../../shared/where.ts';
import { BASIS_TEXT } from '../../shared/words.ts';
import { type Html, html } from './html.ts';
import { card, facts, referenceList, textList } from './parts.ts';
import { proofTable } from './proof.ts';
import { remedyList } from './remedies.ts';

/** An issue that some subject has: open at once where it is critical or high. */
export function affectedCard(group: IssueGroup, { source }: Report, whole: boolean): Html {
  const { affected, basis, issue, severity } = group;
  const names = affected.length > 1 ? html`<code>${namesOf(affected, whole)}</code>` : undefined;
  const elsewhere = elsewhereText(group, whole).replace(/^besides: /, '');
  const body = html`${issue === undefined ? undefined : html`<p>${issue.summary}</p>`}
${facts([
  ['Names', names],
  ['Besides', elsewhere],
  ['How sure', basis === undefined ? undefined : `${basis}: ${BASIS_TEXT[basis]}`],
])}${proofTable(affected, whole)}
${remedyList(remediesOf(affected), affected.length, whole)}${textList('How to check', issue?.verify ?? [])}${referenceList(issue?.references ?? [])}`;
  return card(group, { open: isAtLeast(severity, 'high'), where: whereText(affected, source.nodes), body });
}

/** An issue that something keeps from doing harm, or that is ruled out. */
export function harmlessCard(group: IssueGroup, { source }: Report, whole: boolean): Html {
  const findings = group.mitigated.length > 0 ? group.mitigated : group.notAffected;
  const names = findings.length > 1 ? html`<code>${namesOf(findings, whole)}</code>` : undefined;
  const elsewhere = elsewhereText(group, whole).replace(/^besides: /, '');
  const body = html`${facts([
    ['Names', names],
    ['Besides', elsewhere],
  ])}${proofTable(findings, whole)}`;
  return card(group, { open: false, where: whereText(findings, source.nodes), body });
}

/** An issue that lacks evidence, with what would settle it. */
export function undecidedCard(group: IssueGroup, { source }: Report, whole: boolean): Html {
  const { unknown, mitigated, issue } = group;
  const missing = new Map(
    unknown.flatMap((finding) => finding.missing.map((one) => [one.fact, one.command])),
  );
  const wanted = [...missing].map(([fact, command]) => html`<li>${fact}: <code>${command}</code></li>`);
  const body = html`${issue === undefined ? undefined : html`<p>${issue.summary}</p>`}
${facts([
  ['Names', unknown.length > 1 ? html`<code>${namesOf(unknown, whole)}</code>` : undefined],
  ['Besides', mitigated.length === 0 ? undefined : `mitigated on ${namesOf(mitigated, whole)}`],
])}${
  wanted.length === 0
    ? html`<p class="soft">No command is known that would settle it.</p>`
    : html`<h4>Would settle it</h4><ul>${wanted}</ul>`
}`;
  return card(group, { open: false, where: whereText(unknown, source.nodes), body });
}
