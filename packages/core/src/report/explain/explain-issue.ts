import type { ConditionNode, Issue, Remedy, Symptom } from '../../model/issue.ts';
import { GUTTER, Page } from '../formats/text/page.ts';
import { painter } from '../formats/text/paint.ts';
import { addRemedies } from '../formats/text/remedies.ts';
import type { TextOptions } from '../list/list-issues.ts';
import { joinWords } from '../shared/words.ts';
import { conditionLines } from './condition-lines.ts';

/** One known issue whole, for the terminal: what is seen, why, how it is proved, what to do, and how sure all that is. */
export function explainIssue(issue: Issue, { colour, width }: TextOptions): string {
  const page = new Page(painter(colour), width);
  const { severity, id, title, aliases = [], withdrawn, summary, mechanism, conflicts = [] } = issue;
  page.row(severity.toUpperCase(), id, { style: severity, labelStyle: severity });
  page.row('', title, { style: 'bold' });
  if (aliases.length > 0) page.row('', `also known as ${joinWords(aliases)}`, { style: 'dim' });
  if (withdrawn !== undefined) page.row('withdrawn', withdrawn);
  section(page, 'meaning', [summary]);
  section(page, 'why', [mechanism]);
  section(page, 'seen as', issue.symptoms.map(symptomText));
  addConditions(page, issue);
  addKnownRemedies(page, issue.remedies);
  section(page, 'verify', issue.verify);
  if (issue.reproduction !== undefined) {
    section(page, 'measure', [`netvet lab kernel IMAGE --issue ${id} shows whether a kernel has it`]);
  }
  section(
    page,
    'conflicts',
    conflicts.length === 0 ? [] : [`its remedy works against that of ${joinWords(conflicts)}`],
  );
  section(
    page,
    'certainty',
    issue.confidence.map(
      ({ border, level, note }) => `${border}: ${level}${note === undefined ? '' : `, ${note}`}`,
    ),
  );
  for (const { claim, truth, source } of issue.corrections ?? []) {
    section(page, 'corrected', [`It is said: ${claim}`, `It is so: ${truth}`, `Said in ${source}`]);
  }
  section(page, 'sources', issue.references);
  return page.toString();
}

function section(page: Page, label: string, texts: readonly string[]): void {
  if (texts.length > 0) page.gap();
  for (const [index, text] of texts.entries()) page.row(index === 0 ? label : '', text);
}

/** `log of kube-proxy: it says so (/pattern/)`, `latency: a connect takes long (1 s, 3 s)`. */
function symptomText({ kind, text, seconds = [], pattern, where }: Symptom): string {
  const place = where === undefined ? '' : ` of ${where}`;
  const delays = seconds.length === 0 ? '' : ` (${seconds.map((one) => `${one} s`).join(', ')})`;
  const line = pattern === undefined ? '' : ` (/${pattern}/)`;
  return `${kind}${place}: ${text}${delays}${line}`;
}

const SUBJECTS = {
  cluster: 'the cluster as a whole',
  node: 'each node',
  pod: 'each pod',
  service: 'each Service',
  object: 'each object',
} as const;

function addConditions(page: Page, { scope, applies, observed, mitigated }: Issue): void {
  const resource = scope.resource === undefined ? '' : ` (${scope.resource})`;
  page.gap();
  page.row('proof', `Judged for ${SUBJECTS[scope.subject]}${resource}.`);
  addTree(page, 'Looked at only where', scope.select);
  addTree(page, 'It applies where', applies);
  addTree(page, 'It is seen in the evidence where', observed);
  addTree(page, 'It does no harm where', mitigated);
}

function addTree(page: Page, head: string, node: ConditionNode | undefined): void {
  if (node === undefined) return;
  const [first, ...others] = conditionLines(node);
  if (first === undefined) return;
  page.text(`${head} ${first.text}`, { indent: GUTTER, hang: 2 });
  for (const { depth, text } of others) page.text(`- ${text}`, { indent: GUTTER + 2 * depth, hang: 2 });
}

/** Only conditions of a remedy are added to what findings show: names in braces are filled in there. */
function addKnownRemedies(page: Page, remedies: readonly Remedy[]): void {
  if (remedies.length === 0) return;
  page.gap();
  addRemedies(
    page,
    remedies.map((remedy) => ({ remedy, subjects: [] })),
    0,
    true,
  );
  const limited = remedies.flatMap(({ when }, index) => (when === undefined ? [] : [{ when, index }]));
  for (const { when, index } of limited) addTree(page, `Remedy ${index + 1} is offered where`, when);
}
