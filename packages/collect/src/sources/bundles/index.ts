import type { LayoutKind } from '../layout/layout.ts';

/** Support bundles of other tools that are understood. */
export const BUNDLES: readonly LayoutKind[] = [];
