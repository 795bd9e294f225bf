import type { CauseDefinition } from './cause.ts';
import { forwardingOff } from './forwarding-off/index.ts';

/** Every kind of cause but the last resort, in the order in which they are looked for. */
export const CAUSES: readonly CauseDefinition[] = [forwardingOff];
