import type { Report } from '../../../model/report.ts';
import type { ReportFormat } from '../../format.ts';
import { groupByIssue, type IssueGroup } from '../../shared/issue-groups.ts';
import { nothingFoundText } from '../../shared/nothing-found.ts';
import { hiddenText, severityCounts, sourceText } from '../../shared/summary-text.ts';
import { nextStepsSection, problemsSection } from './evidence.ts';
import { FILTER_STYLES, filters } from './filters.ts';
import { type Html, html } from './html.ts';
import { affectedCard, harmlessCard, undecidedCard } from './issues.ts';
import { STYLES } from './styles.ts';

/** Nothing is loaded and nothing runs; only the styles in the file count. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** One file for a browser, complete in itself: no scripts, no network, light and dark, on desk, phone and paper. */
export const htmlFormat: ReportFormat = {
  id: 'html',
  title: 'HTML, one file for a browser',
  mediaType: 'text/html',
  extension: 'html',
  render(report, context) {
    const groups = groupByIssue(report.findings, context.issues);
    const whole = context.verbose;
    const of = (verdict: IssueGroup['verdict']) => groups.filter((group) => group.verdict === verdict);
    const undecided = of('unknown');
    const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>netvet report: ${report.summary.affected} affected, ${report.summary.unknown} not decided</title>
<style>${{ markup: `${STYLES}${FILTER_STYLES}\n` }}</style>
</head>
<body>
<a class="skip" href="#findings">Skip to the findings</a>
<header class="wrap"><h1>netvet report</h1>
<p class="soft">${sourceText(report)}</p></header>
<main class="wrap">
${tiles(report, groups)}${notes(report, groups)}${filters(groups)}<div id="findings">
${section(
  'affected',
  'Affected',
  of('affected').map((group) => affectedCard(group, report, whole)),
)}${section(
  'mitigated',
  'Mitigated',
  of('mitigated').map((group) => harmlessCard(group, report, whole)),
)}${section(
  'undecided',
  'Not decided',
  undecided.map((group) => undecidedCard(group, report, whole)),
  nextStepsSection(undecided, report, context),
)}${section(
  'ruled-out',
  'Not affected',
  of('not-affected').map((group) => harmlessCard(group, report, whole)),
)}</div>
${problemsSection(report, context)}</main>
<footer class="wrap soft small">Made by netvet ${report.netvet} with catalogue ${report.catalogue.version}.</footer>
</body>
</html>
`;
    return page.markup;
  },
};

function tiles({ summary }: Report, groups: readonly IssueGroup[]): Html {
  const detail = severityCounts(groups.filter(({ verdict }) => verdict === 'affected')).replace(/[()]/g, '');
  const tile = (tone: string, count: number, name: string, more = '') =>
    html`<li class="tone-${tone}${count === 0 ? ' zero' : ''}"><b>${count}</b>${name}${more === '' ? undefined : html`<br><span class="small soft">${more.trim()}</span>`}</li>
`;
  return html`<ul class="tiles" aria-label="Known issues by verdict">
${tile('affected', summary.affected, 'affected', detail)}${tile('unknown', summary.unknown, 'not decided')}${tile('mitigated', summary.mitigated, 'mitigated')}${tile('not-affected', summary.notAffected, 'not affected')}</ul>
`;
}

function notes(report: Report, groups: readonly IssueGroup[]): Html {
  const nothing = nothingFoundText(report);
  const tone = report.summary.unknown === 0 ? 'note good' : 'note';
  const hidden = hiddenText(report, groups);
  return html`${nothing === undefined ? undefined : html`<p class="${tone}">${nothing}</p>\n`}${
    hidden === '' ? undefined : html`<p class="note">${hidden}</p>\n`
  }`;
}

function section(id: string, heading: string, cards: readonly Html[], lead?: Html): Html | undefined {
  if (cards.length === 0) return undefined;
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${heading} <span class="soft">${cards.length}</span></h2>
${lead}${cards}</section>
`;
}
