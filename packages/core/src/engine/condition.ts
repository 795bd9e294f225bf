import type { FactLevel } from '../facts/fact.ts';
import type { Reader } from '../facts/reader.ts';
import type { Outcome } from './outcome.ts';

/** A JSON Schema (draft 2020-12), as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A kind of test that catalogue entries can use by its id. */
export interface ConditionDefinition<P = Readonly<Record<string, unknown>>> {
  readonly id: string;
  /** What the condition asks, for the generated documentation and editors. */
  readonly description: string;
  /** Schema of the parameters: drives checks with file, line and column, and completion in editors. */
  readonly parameters: JsonSchema;
  /** Parameters as an author would write them; checked against the schema by a test. */
  readonly example: P;
  /** Where the condition makes sense: a `node` condition needs a node, alone or inside `some-node`. */
  level(parameters: P): FactLevel;
  /** Finds what a schema can not: bad ranges, unknown facts. Returns the complaint and the parameter. */
  check?(parameters: P): { readonly parameter: string; readonly complaint: string } | undefined;
  /** Looks only through `read`; never throws on evidence. */
  evaluate(read: Reader, parameters: P): Outcome;
}
