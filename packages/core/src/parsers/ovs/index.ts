export { type OvsDump, type OvsFlow, parseOvsFlows } from './flows.ts';
export type { OvsGroup } from './groups.ts';
export {
  type OvsBridge,
  type OvsInterface,
  type OvsPort,
  type OvsSwitch,
  parseOvsVsctlShow,
} from './show.ts';
export { splitTopLevel } from './split.ts';
