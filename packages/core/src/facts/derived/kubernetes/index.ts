import type { AnyFactDefinition } from '../../fact.ts';

/** Facts about Kubernetes objects and control plane. */
export const KUBERNETES_FACTS: readonly AnyFactDefinition[] = [];
