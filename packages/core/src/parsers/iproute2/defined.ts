/** The same type with fields that can be set, for building a record step by step. */
export type Draft<T> = { -readonly [K in keyof T]: T[K] };

type Undefinable<T> = { [K in keyof T]: undefined extends T[K] ? K : never }[keyof T];

/** The type with its possibly undefined fields made optional. */
export type Defined<T> = Omit<T, Undefinable<T>> & { [K in Undefinable<T>]?: Exclude<T[K], undefined> };

/** A copy without the fields that are `undefined`: a record has either a value or no such field. */
export function defined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}
