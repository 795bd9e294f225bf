import type { IssueGroup } from '../../shared/issue-groups.ts';
import { isWebAddress } from '../../shared/web-address.ts';
import { verdictName } from './filters.ts';
import { type Html, html } from './html.ts';

/** A table that scrolls by itself where it is wider than the page, and becomes a list on a phone. */
export function table(
  label: string,
  head: readonly string[],
  rows: readonly (readonly (Html | undefined)[])[],
): Html {
  const cell = (content: Html | undefined, index: number) =>
    content === undefined ? html`<td></td>` : html`<td data-label="${head[index]}">${content}</td>`;
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table>
<thead><tr>${head.map((one) => html`<th scope="col">${one}</th>`)}</tr></thead>
<tbody>
${rows.map((cells) => html`<tr>${cells.map(cell)}</tr>\n`)}</tbody>
</table></div>
`;
}

/** An issue as a card that opens; the headline tells severity, verdict, title, id and where. */
export function card(
  group: IssueGroup,
  options: { readonly open: boolean; readonly where: string; readonly body: Html },
): Html {
  const { severity, verdict, basis, title, id, issue } = group;
  const state = options.open ? html` open` : undefined;
  return html`<article class="issue ${severity} ${verdict}"><details${state}><summary>
<span class="badges"><span class="badge">${severity}</span><span class="badge plain">${basis ?? verdictName(verdict)}</span><span class="small soft">${options.where}</span></span>
<h3>${title}</h3>
${issue === undefined ? undefined : html`<span class="id"><code>${id}</code></span>`}
</summary><div class="body">
${options.body}</div></details></article>
`;
}

/** A list of plain texts; nothing where there are none. */
export function textList(heading: string, texts: readonly string[]): Html | undefined {
  if (texts.length === 0) return undefined;
  return html`<h4>${heading}</h4><ul>${texts.map((one) => html`<li>${one}</li>`)}</ul>
`;
}

/** References; only addresses of the web become links. */
export function referenceList(references: readonly string[]): Html | undefined {
  if (references.length === 0) return undefined;
  const item = (one: string) =>
    isWebAddress(one)
      ? html`<li><a href="${one}" rel="noopener noreferrer">${one}</a></li>`
      : html`<li>${one}</li>`;
  return html`<h4>References</h4><ul>${references.map(item)}</ul>
`;
}

/** Pairs of a name and what it is; those without a value are left out. */
export function facts(pairs: readonly (readonly [string, Html | string | undefined])[]): Html {
  const known = pairs.filter(([, value]) => value !== undefined && value !== '');
  return html`<dl>${known.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
`;
}
