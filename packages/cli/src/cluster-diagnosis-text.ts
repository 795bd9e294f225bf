import type { ClusterDiagnosis, NamedMembers, PairCounts, PairProblem } from '@netvet/core';
import { place } from './trace-text.ts';

/** Problems shown; the rest is in the JSON form. */
const SHOWN = 20;

/** Who can not reach whom, for reading: the counts, then each problem with proof, remedy and a question that shows it. */
export function clusterDiagnosisText(diagnosis: ClusterDiagnosis): string {
  const { members, toServices, problems } = diagnosis;
  const lines = [headline(diagnosis), countLine('pods and nodes', members)];
  if (toServices.pairs > 0) lines.push(countLine('services', toServices));
  for (const [index, problem] of problems.slice(0, SHOWN).entries())
    lines.push('', ...problemLines(index + 1, problem));
  if (problems.length > SHOWN)
    lines.push('', `${problems.length - SHOWN} more are in the JSON form (-o json)`);
  return `${lines.join('\n')}\n`;
}

function headline({ nodes, pods, services, members, toServices }: ClusterDiagnosis): string {
  const what = `${count(nodes, 'node')}, ${count(pods, 'pod')}, ${count(services, 'service')}`;
  if (members.broken + toServices.broken > 0) return `${what}: not everybody reaches everybody`;
  if (members.pairs === 0) return `${what}: nobody to ask about`;
  return members.unknown + toServices.unknown > 0
    ? `${what}: nothing is known to be broken`
    : `${what}: everybody reaches everybody, as far as was collected`;
}

function countLine(what: string, { pairs, reachable, handedOver, broken, unknown }: PairCounts): string {
  const parts = [
    `${grouped(reachable)} arrive and are answered`,
    `${grouped(handedOver)} come to the pod's own interface, behind which nothing was collected`,
    `${grouped(broken)} are broken`,
    `${grouped(unknown)} are not known`,
  ];
  const counts = [reachable, handedOver, broken, unknown];
  return `${what}, ${count(pairs, 'pair')}: ${parts.filter((_, index) => counts[index] !== 0).join('; ')}`;
}

function problemLines(number: number, problem: PairProblem): readonly string[] {
  const { reach, pairs, from, to, question, text, causes, notModelled } = problem;
  const [cause] = causes;
  const what = reach === 'broken' ? 'broken' : 'not known';
  const remedy = cause?.remedies[0];
  const where =
    remedy?.where === undefined
      ? ''
      : ` (on ${remedy.where.node}${remedy.where.netns === undefined ? '' : `, network namespace ${remedy.where.netns}`})`;
  return [
    `${number}. ${what}, ${count(pairs, 'pair')}${cause === undefined ? '' : `: ${cause.cause}`}`,
    `   ${text}`,
    `   from ${names(from)}`,
    `   to ${names(to)}`,
    ...(cause?.evidence ?? []).map((proof) => `   proof: ${place(proof)}`),
    ...(remedy === undefined ? [] : [`   repair: ${remedy.text}`]),
    ...(remedy?.command === undefined ? [] : [`     ${remedy.command}${where}`]),
    ...(reach === 'unknown' ? notModelled.map((point) => `   missing: ${place(point)}: ${point.text}`) : []),
    `   look closer: netvet diagnose SOURCE --from ${question.from} --to ${question.to}${protocolOption(question.protocol)}`,
  ];
}

function protocolOption(protocol: string | undefined): string {
  return protocol === undefined || protocol === 'tcp' ? '' : ` --protocol ${protocol}`;
}

function names({ count: all, first }: NamedMembers): string {
  const more = all - first.length;
  return `${first.join(', ')}${more > 0 ? ` and ${grouped(more)} more` : ''}`;
}

function count(number: number, noun: string): string {
  return `${grouped(number)} ${noun}${number === 1 ? '' : 's'}`;
}

function grouped(number: number): string {
  return number.toString().replace(/\B(?=(\d{3})+$)/g, ',');
}
