export { type DefaultIptables, type DistributionDefaults, distributionDefaults } from './defaults.ts';
export { type EndOfLife, endOfLife } from './end-of-life.ts';
export { type Distribution, distributionOf, isElFamily, type OsIdentity } from './identity.ts';
