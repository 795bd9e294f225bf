export { type ContainerdConfig, parseContainerdConfig, type SystemdCgroupSetting } from './containerd.ts';
export { type CrioConfig, parseCrioConfig } from './crio.ts';
export type { ConfiguredPath } from './settings.ts';
