import { type FieldRange, fieldWidth, ones } from './fields.ts';

/**
 * What a packet's fields hold in a pipeline. A field that is absent has a value that nobody knows, or that the packet does not
 * have: matches test the protocol besides.
 */
export class FieldValues {
  readonly #values: Map<string, bigint>;

  constructor(values: Iterable<readonly [string, bigint]>) {
    this.#values = new Map(values);
  }

  copy(): FieldValues {
    return new FieldValues(this.#values);
  }

  /** The value; undefined where it is not known. */
  get(field: string): bigint | undefined {
    const parts = registersOf(field);
    if (parts === undefined) return this.#values.get(field);
    let value = 0n;
    for (const part of parts) {
      const held = this.#values.get(part);
      if (held === undefined) return undefined;
      value = (value << 32n) | held;
    }
    return value;
  }

  /** Sets a field; undefined makes its value unknown. */
  set(field: string, value: bigint | undefined): void {
    const parts = registersOf(field);
    if (parts === undefined) {
      if (value === undefined) this.#values.delete(field);
      else this.#values.set(field, value & ones(fieldWidth(field)));
      return;
    }
    for (const [index, part] of parts.entries()) {
      const shift = BigInt(32 * (parts.length - 1 - index));
      this.set(part, value === undefined ? undefined : value >> shift);
    }
  }

  read({ field, start, width }: FieldRange): bigint | undefined {
    const value = this.get(field);
    return value === undefined ? undefined : (value >> BigInt(start)) & ones(width);
  }

  /** Sets the bits of `mask` within a range. */
  write({ field, start, width }: FieldRange, value: bigint | undefined, mask = ones(width)): void {
    const isWhole = mask === ones(fieldWidth(field));
    const before = isWhole ? 0n : this.get(field);
    if (value === undefined || before === undefined) {
      this.set(field, undefined);
      return;
    }
    const at = BigInt(start);
    const bits = (mask & ones(width)) << at;
    this.set(field, (before & ~bits) | ((value << at) & bits));
  }
}

/** The registers that a wide register lies over, its highest bits first. */
function registersOf(field: string): readonly string[] | undefined {
  const [, kind, digits] = /^(xx?reg)(\d)$/.exec(field) ?? [];
  if (kind === undefined) return undefined;
  const count = kind === 'xreg' ? 2 : 4;
  return Array.from({ length: count }, (_, index) => `reg${Number(digits) * count + index}`);
}
