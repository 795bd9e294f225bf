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
      for (const near of places) {
        for (const far of places) {
          yield* near === far ? pairsWithin(memory, near) : pairsBetween(shared, memory, near, far);
        }
      }
    },
  };
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

function* pairsBetween(
  shared: Shared,
  memory: StageMemory,
  near: Place,
  far: Place,
): Generator<CheckedPairs> {
  const seenFar = seenUnits(shared, near, far);
  const seenNear = seenUnits(shared, far, near);
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
  const node = views?.ofNode(seen.name, seen.cable) ?? 0;
  return seen.units.map(({ members: [member], role }) => {
    const view = member === undefined ? 0 : (views?.of(member.address, seen.name) ?? 0);
    const port = member?.port ?? 0;
    return interner.pair(interner.pair(node, view), interner.pair(role, port));
  });
}
