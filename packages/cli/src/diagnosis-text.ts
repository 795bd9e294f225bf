import type { Cause, CauseRemedy, Diagnosis, TracePath } from '@netvet/core';
import { evidenceToCollect } from './evidence-to-collect.ts';
import { place, type Way, wayLines } from './trace-text.ts';

/** A diagnosis for reading: the conclusion, each cause with proof and remedy, the way of the packet, what is not known. */
export function diagnosisText(diagnosis: Diagnosis): string {
  const { causes, paths, nameLookup, notModelled } = diagnosis;
  const lines = [conclusionLine(diagnosis)];
  for (const [index, cause] of causes.entries()) lines.push('', ...causeLines(index + 1, cause));
  if (nameLookup !== undefined) {
    const { from, to } = nameLookup.question;
    lines.push('', `way of the name lookup, ${from} to ${to}:`, ...waysOf(nameLookup.paths));
  }
  lines.push('', 'way of the packet:', ...waysOf(paths));
  const open = notModelled.filter(({ couldChangeAnswer }) => couldChangeAnswer);
  if (open.length > 0) {
    lines.push('', 'could change the answer:');
    for (const point of open) lines.push(`  ${place(point)}: ${point.text}`);
  }
  if (diagnosis.conclusion === 'unknown') {
    const wanted = evidenceToCollect(diagnosis);
    if (wanted.length > 0) lines.push('', 'collect next:', ...wanted.map((text) => `  ${text}`));
  }
  return `${lines.join('\n')}\n`;
}

function conclusionLine({ question, conclusion, causes, paths }: Diagnosis): string {
  const { from, to, protocol } = question;
  const blocking = [
    ...new Set(causes.filter(({ effect }) => effect === 'blocks').map(({ cause }) => cause)),
  ].join(', ');
  const by = blocking === '' ? '' : `: ${blocking}`;
  switch (conclusion) {
    case 'reachable':
      return `${from} reaches ${to} (${protocol})${blocking === '' ? ', and the answer comes back' : `, but ${blocking}`}`;
    case 'unreachable':
      return `${from} does not reach ${to} (${protocol})${by}`;
    case 'partly-reachable':
      return `${from} reaches ${to} (${protocol}) in ${percent(shareArriving(paths))} of all tries${by}`;
    case 'unknown':
      return `whether ${from} reaches ${to} (${protocol}) is not known${blocking === '' ? '' : `; found ${blocking}`}`;
  }
}

/** The share of ways on which the answer comes back. */
function shareArriving(paths: readonly TracePath[]): number {
  const arriving = paths.filter((path) => (path.reply ?? path).disposition === 'delivered');
  return arriving.reduce((sum, { probability }) => sum + probability, 0);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1).replace(/\.0$/, '')} %`;
}

const DIRECTIONS: Readonly<Record<Cause['direction'], string>> = {
  request: 'the request',
  reply: 'the answer',
  'name-lookup': 'the lookup of the name',
};

function causeLines(
  number: number,
  { cause, effect, direction, subject, text, evidence, remedies }: Cause,
): readonly string[] {
  const what = effect === 'blocks' ? 'loses' : 'may lose';
  const [first, ...others] = remedies;
  return [
    `${number}. ${cause}, ${subject.kind} ${subject.name}: ${what} ${DIRECTIONS[direction]}`,
    `   ${text}`,
    ...evidence.map((proof) => `   proof: ${place(proof)}`),
    ...(first === undefined ? [] : remedyLines('repair', first)),
    ...others.flatMap((remedy) => remedyLines('then', remedy)),
  ];
}

function remedyLines(
  heading: string,
  { text, command, where, files, sideEffects }: CauseRemedy,
): readonly string[] {
  const netns = where?.netns === undefined ? '' : `, network namespace ${where.netns}`;
  const at = where === undefined ? '' : `on ${where.node}${netns}: `;
  return [
    `   ${heading}: ${text}`,
    ...(command === undefined ? [] : command.split('\n').map((line) => `     ${at}${line}`)),
    ...(files ?? []).flatMap(({ path, content }) => [
      `     ${path}:`,
      ...content
        .trimEnd()
        .split('\n')
        .map((line) => `       ${line}`),
    ]),
    ...(sideEffects === undefined ? [] : [`     beware: ${sideEffects}`]),
  ];
}

function waysOf(paths: readonly TracePath[]): readonly string[] {
  return paths.flatMap((path) => [
    ...summary(path, path.probability === 1 ? '' : `${percent(path.probability)}: `),
    ...(path.reply === undefined ? [] : summary(path.reply, 'answer ')),
  ]);
}

/** Steps that only pass the packet on between chains tell a reader nothing. */
const PASSING = /^(?:return|accept|mark|(?:jump|goto) .*)$/;

function summary(way: Way, heading: string): readonly string[] {
  const steps = way.steps.filter(({ action }) => !PASSING.test(action));
  return wayLines({ ...way, steps }, heading).map((line) => `  ${line}`);
}
