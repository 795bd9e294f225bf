import type { NotModelled } from '../../datapath/model/answer.ts';
import type { Network } from '../../datapath/model/network.ts';
import type { Snapshot } from '../../facts/snapshot/snapshot.ts';
import { diagnoseFlow } from '../diagnose.ts';
import type { Cause } from '../model/diagnosis.ts';
import type { NamedMembers, PairProblem } from './model.ts';
import type { Outcome } from './outcome.ts';
import type { Group } from './tally.ts';
import type { Unit } from './units.ts';

/** Diagnoses of one pair each, beyond which pairs are only told apart by where they end. */
const DIAGNOSIS_LIMIT = 400;
const NAMES_SHOWN = 10;

/** Problems of all groups: those that have the same cause are one. */
export function problemsOf(
  snapshot: Snapshot,
  network: Network,
  groups: readonly Group[],
): readonly PairProblem[] {
  const places = new Map<string, Group>();
  for (const group of groups) merge(places, placeOf(group.outcome), group);
  const problems = new Map<string, { readonly found: Found; readonly group: Group }>();
  for (const [place, group] of places) {
    const { outcome } = group;
    const found =
      problems.size < DIAGNOSIS_LIMIT ? diagnoseGroup(snapshot, network, outcome) : endOnly(outcome);
    const key = keyOf(found) ?? place;
    const known = problems.get(key);
    if (known === undefined) problems.set(key, { found, group: { ...group } });
    else absorb(known.group, group);
  }
  return [...problems.values()].map(toProblem).sort(byReachThenPairs);
}

/** What one command repairs is one problem, whichever packets show it. */
function keyOf({ reach, causes, text }: Found): string | undefined {
  const [cause] = causes;
  if (cause === undefined) return undefined;
  const [remedy] = cause.remedies;
  const repair = remedy?.where === undefined ? undefined : remedy.command;
  return [reach, cause.cause, remedy?.where?.node, remedy?.where?.netns, repair ?? text].join(' ');
}

interface Found {
  readonly reach: PairProblem['reach'];
  readonly text: string;
  readonly causes: readonly Cause[];
  readonly notModelled: readonly NotModelled[];
}

function merge(groups: Map<string, Group>, key: string, group: Group): void {
  const known = groups.get(key);
  if (known === undefined) groups.set(key, { ...group, from: new Set(group.from), to: new Set(group.to) });
  else absorb(known, group);
}

function absorb(into: Group, group: Group): void {
  into.pairs += group.pairs;
  for (const unit of group.from) into.from.add(unit);
  for (const unit of group.to) into.to.add(unit);
}

/** Where the packet or its answer ends and on the way to which node: the same for most pairs with the same cause. */
function placeOf({ reach, followed, from, to, refusal, ends }: Outcome): string {
  const lost = lostTrail(followed?.paths);
  if (lost === undefined) return `${reach} ${refusal ?? ends}`;
  const { namespace, disposition, reason } = lost.trail.end;
  const proof = lost.trail.steps.at(-1)?.evidence[0];
  const far = lost.isReply ? from : to;
  return [
    reach,
    lost.isReply,
    namespace.node,
    disposition,
    reason,
    proof?.file,
    proof?.line,
    far.kind,
    far.node,
  ].join(' ');
}

function lostTrail(paths: readonly NonNullable<Outcome['followed']>['paths'][number][] | undefined) {
  for (const { request, reply } of paths ?? []) {
    if (request.end.disposition !== 'delivered') return { trail: request, isReply: false };
    if (reply !== undefined && reply.end.disposition !== 'delivered') return { trail: reply, isReply: true };
  }
  const [first] = paths ?? [];
  return first === undefined
    ? undefined
    : { trail: first.reply ?? first.request, isReply: first.reply !== undefined };
}

/** The walk of one pair holds for all of its group, and so do the causes found in it. */
function diagnoseGroup(snapshot: Snapshot, network: Network, outcome: Outcome): Found {
  const diagnosis = diagnoseFlow(snapshot, outcome.question, network);
  if ('error' in diagnosis) return endOnly(outcome);
  const blocking = diagnosis.causes.find(({ effect }) => effect === 'blocks');
  return {
    reach: outcome.reach === 'broken' || blocking !== undefined ? 'broken' : 'unknown',
    text: blocking?.text ?? endText(outcome),
    causes: diagnosis.causes,
    notModelled: diagnosis.notModelled.filter(({ couldChangeAnswer }) => couldChangeAnswer),
  };
}

function endOnly(outcome: Outcome): Found {
  const reach = outcome.reach === 'broken' ? 'broken' : 'unknown';
  return { reach, text: endText(outcome), causes: [], notModelled: [] };
}

function endText({ followed, refusal }: Outcome): string {
  const lost = lostTrail(followed?.paths);
  if (lost === undefined) return refusal ?? 'the question can not be asked';
  const { namespace, disposition } = lost.trail.end;
  const where = namespace.name === '' ? namespace.node : `${namespace.node}/${namespace.name}`;
  const detail = lost.trail.steps.at(-1)?.detail;
  return `the ${lost.isReply ? 'answer' : 'packet'} ends as ${disposition} at ${where}${detail === undefined ? '' : `: ${detail}`}`;
}

function toProblem({ found, group }: { readonly found: Found; readonly group: Group }): PairProblem {
  const { outcome, pairs, from, to } = group;
  return {
    ...found,
    pairs,
    from: named(from),
    to: named(to),
    question: outcome.question,
    disposition: lostTrail(outcome.followed?.paths)?.trail.end.disposition,
  };
}

function named(units: ReadonlySet<Unit>): NamedMembers {
  let count = 0;
  const first: string[] = [];
  for (const { members } of units) {
    count += members.length;
    for (const { kind, name } of members.slice(0, NAMES_SHOWN - first.length)) first.push(`${kind}/${name}`);
  }
  return { count, first };
}

function byReachThenPairs(left: PairProblem, right: PairProblem): number {
  return left.reach === right.reach ? right.pairs - left.pairs : left.reach === 'broken' ? -1 : 1;
}
