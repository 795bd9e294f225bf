export {
  type DefaultIptables,
  type Distribution,
  type DistributionDefaults,
  distributionDefaults,
  distributionOf,
  type EndOfLife,
  endOfLife,
  isElFamily,
  type OsIdentity,
} from './distributions/index.ts';
export { type ImageReference, parseImageReference } from './images/index.ts';
export {
  compareBuilds,
  compareFelixKernels,
  type KernelAnswer,
  type KernelBase,
  type KernelBorder,
  type KernelBuilds,
  type KernelHints,
  type KernelLine,
  type KernelLineBorder,
  type KernelRelease,
  kernelFix,
  parseKernelRelease,
} from './kernel/index.ts';
export {
  type ParsedRange,
  parseRange,
  type RangeAnswer,
  type RangeBorder,
  rangeBorders,
  rangeContains,
  type VersionBound,
  type VersionRange,
  type VersionWindow,
} from './ranges/index.ts';
export {
  formatVersion,
  parseVersion,
  type Version,
} from './schemes/semver/index.ts';
