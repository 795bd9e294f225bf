export { runAgent } from './agents/run-agent.ts';
export type { Flow } from './check/flows.ts';
export type { Judgement } from './check/judge.ts';
export { type LabOptions, MODES, PROXIES } from './cluster/options.ts';
export { LabError, type LabErrorCode } from './errors.ts';
export {
  checkLab,
  collectLab,
  collectLabFiles,
  downLab,
  type LabSummary,
  listLabs,
  type UpOptions,
  upLab,
} from './lab.ts';
