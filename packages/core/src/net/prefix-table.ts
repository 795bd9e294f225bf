import type { IpAddress } from './address.ts';
import { maskOf, type Prefix } from './prefix.ts';

/** Values of one network. Nearly all networks have one, for which a list of its own would be kept for nothing. */
class Several<T> {
  readonly values: T[];

  constructor(...values: T[]) {
    this.values = values;
  }
}

type Networks<T> = Map<bigint, T | Several<T>>;

/** Values kept under networks of both families, found by longest match. Several values may share a network. */
export class PrefixTable<T extends object | number> {
  readonly #byLength = { 4: new Map<number, Networks<T>>(), 6: new Map<number, Networks<T>>() };
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
    const known = networks.get(prefix.bits);
    if (known instanceof Several) known.values.push(value);
    else networks.set(prefix.bits, known === undefined ? value : new Several(known, value));
  }

  /** Values of all networks that hold the address, longest network first, in the order in which they were added. */
  *matches(address: IpAddress): Generator<T> {
    const lengths = this.#byLength[address.family];
    this.#lengths[address.family] ??= [...lengths.keys()].sort((a, b) => b - a);
    for (const length of this.#lengths[address.family] ?? []) {
      const found = lengths.get(length)?.get(address.bits & maskOf(address.family, length));
      if (found instanceof Several) yield* found.values;
      else if (found !== undefined) yield found;
    }
  }
}
