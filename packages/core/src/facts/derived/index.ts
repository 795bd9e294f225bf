import type { AnyFactDefinition } from '../fact.ts';
import { componentPresent } from './components/presence.ts';
import { versionFacts } from './components/versions.ts';
import { iptablesDumps } from './iptables-dumps/index.ts';
import { kernel } from './kernel/index.ts';
import { kernelConfigOption } from './kernel-config/index.ts';
import { kernelModule } from './kernel-module/index.ts';
import { offloadFeature } from './offload/index.ts';
import { operatingSystem } from './operating-system/index.ts';
import { sysctl } from './sysctl/index.ts';

/** Every derived fact. A catalogue entry may use any of them by its id. */
export const FACTS: readonly AnyFactDefinition[] = [
  componentPresent,
  iptablesDumps,
  kernel,
  kernelConfigOption,
  kernelModule,
  offloadFeature,
  operatingSystem,
  sysctl,
  ...versionFacts(),
];
