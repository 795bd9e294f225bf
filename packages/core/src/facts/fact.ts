import type { Evidence } from '../model/evidence.ts';
import type { MissingFact } from '../model/finding.ts';
import type { Reader } from './reader.ts';

/**
 * Evidence before it is known which node it belongs to: `file` is relative to the node's directory when `node` is
 * true, else to the root of the snapshot. Nodes with the same files then share one result.
 */
export interface Origin extends Evidence {
  readonly node?: true;
}

/** Points at the evidence of another fact of the same subject; resolved when a finding is written. */
export interface FactOrigin {
  readonly fact: FactKey;
}

export interface FactKey {
  readonly definition: AnyFactDefinition;
  readonly parameter: string;
}

export interface KnownFact<T> {
  readonly state: 'known';
  readonly value: T;
  readonly origins: readonly (Origin | FactOrigin)[];
  /** Why the value may be wrong, where it rests on an inference. */
  readonly uncertain?: string;
}

export interface UnknownFact {
  readonly state: 'unknown';
  readonly missing: readonly MissingFact[];
}

export type Fact<T> = KnownFact<T> | UnknownFact;

/**
 * A named fact and how it is worked out from raw evidence and other facts, so that no two conditions work it out
 * differently. `compute` must only look through the reader it is given: what it reads decides for which other nodes
 * the result is used again.
 */
export interface FactDefinition<T> {
  readonly id: string;
  readonly title: string;
  /** Meaning of the parameter, for example `sysctl name`; absent where the fact has none. */
  readonly parameter?: string;
  /** `node`: differs between nodes; `cluster`: one for all; `object`: about the object a finding is about. */
  readonly level: FactLevel;
  compute(read: Reader, parameter: string): Fact<T>;
  /** For structured values: equal keys mean equal values. Nodes with equal keys are evaluated once. */
  key?(value: T): string;
  /** The value as people read it in a report. Default: JSON without quotes around strings. */
  format?(value: T): string;
  /** Accepts the text a user gives to `preflight`; absent where the fact can not be given. */
  fromText?(text: string): T | undefined;
}

/** What a fact is about; `object` is the Service, Pod or other object that a finding is about. */
export type FactLevel = 'node' | 'cluster' | 'object';

/** A definition whatever its value: methods are bivariant, so every definition fits. */
export type AnyFactDefinition = FactDefinition<unknown>;

export function known<T>(value: T, ...origins: readonly (Origin | FactOrigin)[]): KnownFact<T> {
  return { state: 'known', value, origins };
}

export function knownUncertain<T>(
  value: T,
  uncertain: string,
  ...origins: readonly (Origin | FactOrigin)[]
): KnownFact<T> {
  return { state: 'known', value, origins, uncertain };
}

export function unknown(...missing: readonly MissingFact[]): UnknownFact {
  return { state: 'unknown', missing };
}

/** Origin that stands for the evidence of another fact. */
export function from<T>(definition: FactDefinition<T>, parameter = ''): FactOrigin {
  return { fact: { definition, parameter } };
}

/** The value of a fact as a report shows it. */
export function formatFact<T>(definition: FactDefinition<T>, value: T): string {
  if (definition.format !== undefined) return definition.format(value);
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'none');
}
