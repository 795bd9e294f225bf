import { CONFIGURATION_PROBES } from './configuration.ts';
import { FIREWALL_PROBES } from './firewall.ts';
import { NETWORK_PROBES } from './network.ts';
import type { AnyProbe } from './probe.ts';
import { SYSTEM_PROBES } from './system.ts';

/** Every probe netvet knows, in the order in which a collection runs them. */
export const PROBES: readonly AnyProbe[] = [
  ...SYSTEM_PROBES,
  ...NETWORK_PROBES,
  ...FIREWALL_PROBES,
  ...CONFIGURATION_PROBES,
];
