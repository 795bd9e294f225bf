import type { Network } from '../../datapath/model/network.ts';
import { cableProxies } from '../../datapath/walk/cable.ts';
import type { Family } from '../../net/address.ts';
import { listMembers, type Member } from './members.ts';
import type { Outcome } from './outcome.ts';
import { makeShared, type Shared } from './shared.ts';
import { StageMemory } from './stages.ts';
import { makePlaces, type Place, type Unit } from './units.ts';

/** Pairs of two units, each member of one with each of the other, and what becomes of all of them. */
export interface CheckedPairs {
  readonly from: Unit;
  readonly to: Unit;
  /** Nobody is asked about itself. */
  readonly count: number;
  readonly outcome: Outcome;
}

export interface PairCheck {
  readonly members: readonly Member[];
  readonly units: number;
  readonly nodes: number;
  /** How many pairs were walked to know about all. */
  walks(): number;
  pairs(): Generator<CheckedPairs>;
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
    *pairs() {
      for (const place of places) yield* pairsWithin(memory, place);
      for (const [one, other] of twoPlaces(places)) {
        const otherSeen = seenUnits(shared, one, other);
        const oneSeen = seenUnits(shared, other, one);
        yield* pairsBetween(memory, one, other, oneSeen, otherSeen);
        yield* pairsBetween(memory, other, one, otherSeen, oneSeen);
      }
    },
  };
}

/**
 * Each two places once. Neighbours in the list come first, so that each place has soon been walked from and to, and little is
 * walked twice.
 */
function* twoPlaces(places: readonly Place[]): Generator<readonly [Place, Place]> {
  const count = places.length;
  for (let distance = 1; distance * 2 <= count; distance++) {
    for (const [at, one] of places.entries()) {
      const other = places[(at + distance) % count];
      // Half-way round, the second half would repeat the first one.
      if (other !== undefined && (distance * 2 < count || at * 2 < count)) yield [one, other];
    }
  }
}

function* pairsWithin(memory: StageMemory, { units }: Place): Generator<CheckedPairs> {
  for (const from of units) {
    for (const to of units) {
      const isSame = from === to;
      const count = from.members.length * (isSame ? from.members.length - 1 : to.members.length);
      const outcome = count === 0 ? undefined : within(memory, from, to);
      if (outcome !== undefined) yield { from, to, count, outcome };
    }
  }
}

function within(memory: StageMemory, from: Unit, to: Unit): Outcome | undefined {
  const [first] = from.members;
  const other = to.members[from === to ? 1 : 0];
  if (first === undefined || other === undefined) return undefined;
  return memory.outcome({ from: first, to: other, fromUnit: from.id, toUnit: to.id, toSeen: 0, fromSeen: 0 });
}

/** `seenNear` is how the far place knows the units of the near one, `seenFar` the other way round. */
function* pairsBetween(
  memory: StageMemory,
  near: Place,
  far: Place,
  seenNear: readonly number[],
  seenFar: readonly number[],
): Generator<CheckedPairs> {
  for (const [at, from] of near.units.entries()) {
    for (const [position, to] of far.units.entries()) {
      const [first, other] = [from.members[0], to.members[0]];
      if (first === undefined || other === undefined) continue;
      const outcome = memory.outcome({
        from: first,
        to: other,
        fromUnit: from.id,
        toUnit: to.id,
        toSeen: seenFar[position] ?? 0,
        fromSeen: seenNear[at] ?? 0,
      });
      yield { from, to, count: from.members.length * to.members.length, outcome };
    }
  }
}

/** The units of a place as another place's evidence shows them. */
function seenUnits({ interner }: Shared, { views }: Place, seen: Place): readonly number[] {
  if (views === undefined) return seen.units.map(() => 0);
  const node = views.ofNode(seen.marks, seen.cable);
  return seen.units.map(({ holders, address, role, port }) =>
    interner.pair(interner.pair(node, views.of(address, holders, seen.name)), interner.pair(role, port)),
  );
}
