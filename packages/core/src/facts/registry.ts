import { FACTS } from './derived/index.ts';
import type { AnyFactDefinition } from './fact.ts';

const byId = new Map(FACTS.map((definition) => [definition.id, definition]));

export function factById(id: string): AnyFactDefinition | undefined {
  return byId.get(id);
}

/** Ids of all facts, sorted. */
export function factIds(): readonly string[] {
  return [...byId.keys()].sort();
}
