import type { AnyFactDefinition } from '../../fact.ts';

/** Facts about the host: network managers, firewalls, CNI directories. */
export const HOST_FACTS: readonly AnyFactDefinition[] = [];
