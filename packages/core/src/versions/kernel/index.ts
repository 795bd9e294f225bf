export { compareBuilds } from './builds.ts';
export { kernelFix } from './fix.ts';
export { compareFelixKernels, numericKernelAtLeast } from './numeric.ts';
export { parseKernelRelease } from './release.ts';
export type {
  KernelAnswer,
  KernelBase,
  KernelBorder,
  KernelBuilds,
  KernelHints,
  KernelLine,
  KernelLineBorder,
  KernelRelease,
} from './types.ts';
