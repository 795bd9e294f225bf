import { SEVERITIES } from '../../../model/severity.ts';
import type { IssueGroup } from '../../shared/issue-groups.ts';
import { type Html, html } from './html.ts';

const VERDICT_NAMES = {
  affected: 'affected',
  mitigated: 'mitigated',
  unknown: 'not decided',
  'not-affected': 'not affected',
} as const;
const VERDICTS = Object.keys(VERDICT_NAMES) as (keyof typeof VERDICT_NAMES)[];

/** What a verdict is called in documents for people. */
export function verdictName(verdict: keyof typeof VERDICT_NAMES): string {
  return VERDICT_NAMES[verdict];
}

/** Boxes that hide issues by severity and verdict; only where there is something to choose. They work without scripts. */
export function filters(groups: readonly IssueGroup[]): Html | undefined {
  const severities = SEVERITIES.filter((one) => groups.some(({ severity }) => severity === one));
  const verdicts = VERDICTS.filter((one) => groups.some(({ verdict }) => verdict === one));
  if (severities.length < 2 && verdicts.length < 2) return undefined;
  const box = (id: string, label: string) =>
    html`<label><input type="checkbox" id="${id}" checked autocomplete="off">${label}</label> `;
  return html`<form class="filters" aria-label="Filter">
<fieldset><legend>Severity</legend>${severities.map((one) => box(`show-${one}`, one))}</fieldset>
<fieldset><legend>Verdict</legend>${verdicts.map((one) => box(`show-${one}`, verdictName(one)))}</fieldset>
</form>
`;
}

/** The rules that make {@link filters} work. */
export const FILTER_STYLES = [...SEVERITIES, ...VERDICTS]
  .map((name) => `body:has(#show-${name}:not(:checked)) .issue.${name} { display: none; }`)
  .join('\n');
