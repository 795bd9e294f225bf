import { type Followed, type FollowedPath, followPacket } from '../datapath/follow.ts';
import type { Network } from '../datapath/model/network.ts';
import type { Asked } from '../datapath/question.ts';
import type { Snapshot } from '../facts/snapshot/snapshot.ts';
import type { DiagnosisContext, Leg } from './causes/cause.ts';
import { explainLeg } from './causes/index.ts';
import { concludeFrom, type PathOutcome, pathOutcome } from './conclusion.ts';
import type { Cause, Conclusion, Direction } from './model/diagnosis.ts';

/** A walk there and back with what was found on it. */
export interface Examined {
  readonly followed: Followed;
  /** Causes of all legs, each once, those that block first. */
  readonly causes: readonly Cause[];
  readonly conclusion: Conclusion;
}

/** Follows a packet and explains every leg of its ways. `direction` is what all legs are called, where they belong together. */
export function examine(snapshot: Snapshot, network: Network, asked: Asked, direction?: Direction): Examined {
  const followed = followPacket(network, asked, true);
  const ways = followed.paths.map((path) => ({ path, legs: legsOf(path, direction) }));
  const context: DiagnosisContext = { snapshot, network, asked, legs: ways.flatMap(({ legs }) => legs) };
  const found: Cause[] = [];
  const outcomes: PathOutcome[] = [];
  for (const { path, legs } of ways) {
    const causes = legs.flatMap((leg) => explainLeg(leg, context));
    found.push(...causes);
    const isBlocked = causes.some(({ effect }) => effect === 'blocks');
    outcomes.push(pathOutcome(path.reply ?? path.request, isBlocked));
  }
  return { followed, causes: inOrder(found), conclusion: concludeFrom(outcomes) };
}

function legsOf({ probability, request, reply }: FollowedPath, direction?: Direction): readonly Leg[] {
  const first: Leg = { direction: direction ?? 'request', probability, trail: request };
  return reply === undefined
    ? [first]
    : [first, { direction: direction ?? 'reply', probability, trail: reply }];
}

/** Each cause once, those that block first. */
export function inOrder(causes: readonly Cause[]): readonly Cause[] {
  const each = new Map(
    causes.map((cause) => [JSON.stringify([cause.cause, cause.effect, cause.subject, cause.text]), cause]),
  );
  const all = [...each.values()];
  return [
    ...all.filter(({ effect }) => effect === 'blocks'),
    ...all.filter(({ effect }) => effect === 'hazard'),
  ];
}
