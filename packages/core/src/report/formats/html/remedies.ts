import type { OfferedRemedy } from '../../shared/offered-remedies.ts';
import { namesText } from '../../shared/where.ts';
import { countOf } from '../../shared/words.ts';
import { type Html, html, preformatted } from './html.ts';

const FEW = 12;

/** What to do: text, commands and files ready to copy, and what the change brings with it. */
export function remedyList(
  remedies: readonly OfferedRemedy[],
  subjects: number,
  whole: boolean,
): Html | undefined {
  if (remedies.length === 0) return undefined;
  const shown = whole ? remedies : remedies.slice(0, FEW);
  const left = remedies.length - shown.length;
  return html`<h4>What to do</h4>
<ol>${shown.map((one) => remedyItem(one, subjects, whole))}</ol>
${left === 0 ? undefined : html`<p class="soft small">${countOf(left, 'more variant')} for other subjects: the verbose report shows them.</p>`}`;
}

function remedyItem({ remedy, subjects: own }: OfferedRemedy, subjects: number, whole: boolean): Html {
  const { text, component, to, command, files = [], sideEffects, persistence, needs } = remedy;
  const target =
    component === undefined || to === undefined ? undefined : html` <code>${`${component} ${to}`}</code>`;
  const only =
    own.length < subjects
      ? html`<p class="small soft">For <code>${namesText(own, whole)}</code></p>`
      : undefined;
  const run = command === undefined ? undefined : html`<pre class="command">${preformatted(command)}</pre>`;
  const write = files.map(
    ({ path, content }) =>
      html`<p class="small soft">File <code>${path}</code></p><pre>${preformatted(content)}</pre>`,
  );
  const notes = [
    ['Side effects', sideEffects],
    ['Lasts', persistence],
    ['Needs', needs],
  ].flatMap(([label, note]) => (note === undefined ? [] : [html`<li>${label}: ${note}</li>`]));
  const remarks = notes.length === 0 ? undefined : html`<ul class="notes">${notes}</ul>`;
  return html`<li>${text}${target}${only}${run}${write}${remarks}</li>
`;
}
