import type { ConditionDefinition } from '../condition.ts';
import { componentCondition } from './component/index.ts';
import { distributionCondition } from './distribution/index.ts';
import { eventCondition } from './event/index.ts';
import { factCondition } from './fact/index.ts';
import { fieldCondition } from './field/index.ts';
import { iptablesCondition } from './iptables/index.ts';
import { journalCondition } from './journal/index.ts';
import { kernelConfigCondition } from './kernel-config/index.ts';
import { kernelDefectCondition } from './kernel-defect/index.ts';
import { kernelModuleCondition } from './kernel-module/index.ts';
import { kernelReleaseCondition } from './kernel-release/index.ts';
import { logCondition } from './log/index.ts';
import { nodeLogCondition } from './node-log/index.ts';
import { objectsCondition } from './objects/index.ts';
import { offloadCondition } from './offload/index.ts';
import { recordCondition } from './record/index.ts';
import { sysctlCondition } from './sysctl/index.ts';
import { versionCondition } from './version/index.ts';

/** A condition whatever its parameters: they were checked against its schema when the catalogue was loaded. */
export interface AnyCondition extends Omit<ConditionDefinition<never>, 'example'> {
  readonly example: unknown;
}

/** Every condition that an entry can use, by the name it has there. */
export const CONDITIONS: readonly AnyCondition[] = [
  componentCondition,
  distributionCondition,
  eventCondition,
  factCondition,
  fieldCondition,
  iptablesCondition,
  journalCondition,
  kernelConfigCondition,
  kernelDefectCondition,
  kernelModuleCondition,
  kernelReleaseCondition,
  logCondition,
  nodeLogCondition,
  objectsCondition,
  offloadCondition,
  recordCondition,
  sysctlCondition,
  versionCondition,
];

const byId = new Map<string, AnyCondition>(CONDITIONS.map((condition) => [condition.id, condition]));

export function conditionById(id: string): AnyCondition | undefined {
  return byId.get(id);
}
