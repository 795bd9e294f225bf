import type { AnyFactDefinition, Fact } from './fact.ts';
import { structuralKey } from './structural-key.ts';

const fingerprints = new WeakMap<Fact<unknown>, unknown>();

/** Equal for facts that say the same; where their evidence stands is looked up for each subject on its own. */
export function fingerprintOf(definition: AnyFactDefinition, fact: Fact<unknown>): unknown {
  let fingerprint = fingerprints.get(fact);
  if (fingerprint === undefined) {
    fingerprint = makeFingerprint(definition, fact) ?? fact;
    fingerprints.set(fact, fingerprint);
  }
  return fingerprint;
}

function makeFingerprint(definition: AnyFactDefinition, fact: Fact<unknown>): string | undefined {
  if (fact.state === 'unknown') return `unknown ${JSON.stringify(fact.missing)}`;
  const key = definition.key === undefined ? structuralKey(fact.value) : definition.key(fact.value);
  return key === undefined ? undefined : `known ${key}\n${fact.uncertain ?? ''}`;
}
