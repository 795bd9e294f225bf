import type { Network } from '../../datapath/model/network.ts';
import { cableProxies } from '../../datapath/walk/cable.ts';
import type { Family } from '../../net/address.ts';
import { listMembers, type Member } from './members.ts';
import type { Outcome } from './outcome.ts';
import { SeenUnits } from './seen-units.ts';
import { makeShared } from './shared.ts';
import { StageMemory } from './stages.ts';
import { makePlaces, type Place, type Unit } from './units.ts';

/**
 * Told of pairs of two units, each member of one with each of the other, and what becomes of all of them. `count` leaves out that
 * nobody is asked about itself.
 */
export type VisitPairs = (from: Unit, to: Unit, count: number, outcome: Outcome) => void;

export interface PairCheck {
  readonly members: readonly Member[];
  readonly units: number;
  readonly nodes: number;
  /** How many pairs were walked to know about all. */
  walks(): number;
  /** Millions of times in large clusters. */
  eachPair(visit: VisitPairs): void;
}

/** Checks every pod and node against every other one, of one address family, by units that are alike. */
export function checkPairs(network: Network, family: Family): PairCheck {
  const members = listMembers(network, family);
  const shared = makeShared(network, members);
  const places = makePlaces(shared, members);
  // What answers for others by proxy ARP may take any packet, by routes of its own.
  const memory = new StageMemory(shared, cableProxies(network).length > 0);
  return {
    members,
    units: places.reduce((sum, { units }) => sum + units.length, 0),
    nodes: places.length,
    walks: () => memory.walks,
    eachPair(visit) {
      for (const place of places) pairsWithin(memory, place, visit);
      const seen = new SeenUnits(shared, places);
      walkAround(memory, seen, places);
      for (const near of places) {
        for (const far of places) if (near !== far) pairsBetween(memory, seen, near, far, visit);
      }
    },
  };
}

/** Walks from each place to the next one: then each was walked from and to once, and most other pairs follow from that. */
function walkAround(memory: StageMemory, seen: SeenUnits, places: readonly Place[]): void {
  for (const [at, near] of places.entries()) {
    const far = places[(at + 1) % places.length];
    if (far === undefined || far === near) continue;
    pairsBetween(memory, seen, near, far, () => {});
  }
}

function pairsWithin(memory: StageMemory, { units }: Place, visit: VisitPairs): void {
  for (const from of units) {
    for (const to of units) {
      const isSame = from === to;
      const count = from.members.length * (isSame ? from.members.length - 1 : to.members.length);
      const outcome = count === 0 ? undefined : within(memory, from, to);
      if (outcome !== undefined) visit(from, to, count, outcome);
    }
  }
}

function within(memory: StageMemory, from: Unit, to: Unit): Outcome | undefined {
  const [first] = from.members;
  const other = to.members[from === to ? 1 : 0];
  if (first === undefined || other === undefined) return undefined;
  return memory.outcome({ from: first, to: other, fromUnit: from.id, toUnit: to.id, toSeen: 0, fromSeen: 0 });
}

function pairsBetween(
  memory: StageMemory,
  seen: SeenUnits,
  near: Place,
  far: Place,
  visit: VisitPairs,
): void {
  for (const from of near.units) {
    for (const to of far.units) {
      const [first, other] = [from.members[0], to.members[0]];
      if (first === undefined || other === undefined) continue;
      const outcome = memory.outcome({
        from: first,
        to: other,
        fromUnit: from.id,
        toUnit: to.id,
        toSeen: seen.by(near, to),
        fromSeen: seen.by(far, from),
      });
      visit(from, to, from.members.length * to.members.length, outcome);
    }
  }
}
