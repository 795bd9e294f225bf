export { type OvsFlow, parseOvsFlows } from './flows.ts';
export {
  type OvsBridge,
  type OvsInterface,
  type OvsPort,
  type OvsSwitch,
  parseOvsVsctlShow,
} from './show.ts';
