import type { AnyFactDefinition } from '../../fact.ts';

/** Facts about Spiderpool and its Multus. */
export const SPIDERPOOL_FACTS: readonly AnyFactDefinition[] = [];
