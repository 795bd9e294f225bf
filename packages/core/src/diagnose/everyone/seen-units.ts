import type { Shared } from './shared.ts';
import type { Place, Unit } from './units.ts';

/** All units as the evidence of each other node shows them. */
export class SeenUnits {
  readonly #positions = new Map<Unit, number>();
  readonly #rows = new Map<Place, Int32Array>();

  /** One place after the other, so that the evidence of one is looked at as a whole. */
  constructor(shared: Shared, places: readonly Place[]) {
    for (const { units } of places) for (const unit of units) this.#positions.set(unit, this.#positions.size);
    for (const place of places) this.#rows.set(place, seenFrom(shared, place, places, this.#positions.size));
  }

  /** How a place knows a unit of another place: equal numbers mean that it can not tell them apart. */
  by(place: Place, unit: Unit): number {
    return this.#rows.get(place)?.[this.#positions.get(unit) ?? 0] ?? 0;
  }
}

function seenFrom({ interner }: Shared, near: Place, places: readonly Place[], units: number): Int32Array {
  const row = new Int32Array(units);
  let position = 0;
  for (const far of places) {
    const { views } = near;
    const isOther = views !== undefined && far !== near;
    const node = isOther ? views.ofNode(far.marks, far.cable) : 0;
    for (const { address, holders, role, port } of far.units) {
      if (isOther) {
        const view = interner.pair(node, views.of(address, holders, far.name));
        row[position] = interner.pair(view, interner.pair(role, port));
      }
      position++;
    }
  }
  return row;
}
