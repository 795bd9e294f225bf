import { type IpAddress, widthOf } from './address.ts';
import { maskOf, type Prefix } from './prefix.ts';

/** Values kept under networks of both families, found by longest match. Several values may share a network. */
export class PrefixTable<T> {
  readonly #byLength = { 4: new Map<number, Map<bigint, T[]>>(), 6: new Map<number, Map<bigint, T[]>>() };
  /** Lengths in use, longest first; undefined after a change. */
  readonly #lengths: { 4: readonly number[] | undefined; 6: readonly number[] | undefined } = {
    4: undefined,
    6: undefined,
  };

  add(prefix: Prefix, value: T): void {
    const lengths = this.#byLength[prefix.family];
    let networks = lengths.get(prefix.length);
    if (networks === undefined) {
      networks = new Map();
      lengths.set(prefix.length, networks);
      this.#lengths[prefix.family] = undefined;
    }
    const values = networks.get(prefix.bits);
    if (values === undefined) networks.set(prefix.bits, [value]);
    else values.push(value);
  }

  /** Values of all networks that hold the address, longest network first, in the order in which they were added. */
  *matches(address: IpAddress): Generator<T> {
    const lengths = this.#byLength[address.family];
    this.#lengths[address.family] ??= [...lengths.keys()].sort((a, b) => b - a);
    for (const length of this.#lengths[address.family] ?? []) {
      const values = lengths.get(length)?.get(address.bits & maskOf(address.family, length));
      if (values !== undefined) yield* values;
    }
  }

  /** Values of exactly this address. */
  hosts(address: IpAddress): readonly T[] {
    return this.#byLength[address.family].get(widthOf(address.family))?.get(address.bits) ?? [];
  }
}
