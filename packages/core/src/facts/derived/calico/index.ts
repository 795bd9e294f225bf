import type { AnyFactDefinition } from '../../fact.ts';

/** Facts about Calico. */
export const CALICO_FACTS: readonly AnyFactDefinition[] = [];
