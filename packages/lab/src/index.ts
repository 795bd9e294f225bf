export { runAgent } from './agents/run-agent.ts';
export type { Flow } from './check/flows.ts';
export type { Judgement } from './check/judge.ts';
export { type LabOptions, MODES, PROXIES } from './cluster/options.ts';
export { LabError, type LabErrorCode } from './errors.ts';
export type { Fault } from './faults/fault.ts';
export { FAULTS } from './faults/index.ts';
export { KERNEL_SCHEMA, type KernelReport, measureKernel, RUNNING } from './kernel/measure-kernel.ts';
export {
  type BrokenLab,
  breakLab,
  checkLab,
  collectLab,
  collectLabFiles,
  downLab,
  type LabSummary,
  listLabs,
  mendLab,
  type UpOptions,
  upLab,
} from './lab.ts';
export { REPRODUCTIONS } from './reproductions/index.ts';
