export { type ImageReference, parseImageReference } from './images/index.ts';
export type {
  KernelAnswer,
  KernelBase,
  KernelBorder,
  KernelBuilds,
  KernelHints,
  KernelLine,
  KernelLineBorder,
  KernelRelease,
} from './kernel/types.ts';
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
  compareVersions,
  formatVersion,
  isVendorBuild,
  parseVersion,
  type Version,
} from './schemes/semver/index.ts';
