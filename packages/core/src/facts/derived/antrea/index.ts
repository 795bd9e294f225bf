import type { AnyFactDefinition } from '../../fact.ts';

/** Facts about Antrea. */
export const ANTREA_FACTS: readonly AnyFactDefinition[] = [];
