import type { Finding } from '../../../model/finding.ts';
import { placeText, proofOf } from '../../shared/proof.ts';
import { namesText } from '../../shared/where.ts';
import { countOf } from '../../shared/words.ts';
import { type Html, html } from './html.ts';
import { table } from './parts.ts';

const FEW_ROWS = 40;

/** The conditions with their values and where these stand; equal values once. */
export function proofTable(findings: readonly Finding[], whole: boolean): Html {
  const rows = proofOf(findings).flatMap(({ condition, values }) =>
    values.map(({ value, uncertain, subjects, evidence, alike }, index) => [
      index === 0 ? html`${condition}` : html`<span class="soft">${condition}</span>`,
      html`<code>${value}</code>${uncertain === undefined ? undefined : html`<p class="small soft">not certain: ${uncertain}</p>`}`,
      subjects.length === findings.length ? html`each` : html`<code>${namesText(subjects, whole)}</code>`,
      html`${evidence.map((one) => html`<code>${placeText(one)}</code> `)}${alike === 0 ? undefined : html`<span class="soft">and ${alike} more alike</span>`}`,
    ]),
  );
  const shown = whole ? rows : rows.slice(0, FEW_ROWS);
  const left = rows.length - shown.length;
  return html`<h4>Proof</h4>
${table('Proof', ['Condition', 'Value', 'On', 'Evidence'], shown)}${
  left === 0
    ? undefined
    : html`<p class="soft small">${countOf(left, 'more row')}: the verbose report shows them.</p>`
}`;
}
