import type { AnyFactDefinition } from '../../fact.ts';
import { proxyMode } from './mode.ts';

/** Facts about kube-proxy and the Service rules it writes. */
export const KUBE_PROXY_FACTS: readonly AnyFactDefinition[] = [proxyMode];
