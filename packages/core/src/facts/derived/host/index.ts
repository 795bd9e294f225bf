import type { AnyFactDefinition } from '../../fact.ts';
import { mixedBackends } from './mixed-backends.ts';
import { networkdActive } from './networkd/live.ts';
import { foreignRemoval, systemdVersion } from './networkd/settings.ts';
import { missingShapingModules } from './shaping-modules.ts';
import { supportEnd, supportEnded } from './support-end.ts';

/** Facts about the host: network managers, firewalls, CNI directories. */
export const HOST_FACTS: readonly AnyFactDefinition[] = [
  supportEnd,
  supportEnded,
  mixedBackends,
  missingShapingModules,
  networkdActive,
  systemdVersion,
  foreignRemoval,
];
