export { type Distribution, distributionOf, isElFamily, type OsIdentity } from './identity.ts';
