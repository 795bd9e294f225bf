export { compareBuilds } from './builds.ts';
export { kernelFix } from './fix.ts';
export { compareFelixKernels } from './numeric.ts';
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
