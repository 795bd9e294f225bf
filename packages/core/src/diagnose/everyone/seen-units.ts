import type { Shared } from './shared.ts';
import type { Place, Unit } from './units.ts';

/** All units as the evidence of each other node shows them. */
export class SeenUnits {
  /** By place, then by unit. */
  readonly #rows: readonly Int32Array[];

  /** One place after the other, so that the evidence of one is looked at as a whole. */
  constructor(shared: Shared, places: readonly Place[]) {
    const units = places.reduce((sum, place) => sum + place.units.length, 0);
    this.#rows = places.map((place) => seenFrom(shared, place, places, units));
  }

  /** How a place knows a unit of another place: equal numbers mean that it can not tell them apart. */
  by(place: Place, unit: Unit): number {
    return this.#rows[place.index]?.[unit.index] ?? 0;
  }
}

function seenFrom(
  shared: Shared,
  { views, index: own }: Place,
  places: readonly Place[],
  units: number,
): Int32Array {
  const row = new Int32Array(units);
  if (views === undefined) return row;
  const { viewNumbers } = shared;
  for (const far of places) {
    if (far.index === own) continue;
    const node = views.ofNode(far.marks, far.cable);
    for (const { index, address, holders, role, port } of far.units) {
      const view = viewNumbers.pair(node, views.of(address, holders, far.name));
      row[index] = viewNumbers.pair(view, viewNumbers.pair(role, port));
    }
  }
  return row;
}
