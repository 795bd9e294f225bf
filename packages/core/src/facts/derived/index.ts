import type { AnyFactDefinition } from '../fact.ts';
import { ANTREA_FACTS } from './antrea/index.ts';
import { CALICO_FACTS } from './calico/index.ts';
import { componentPresent } from './components/presence.ts';
import { versionFacts } from './components/versions.ts';
import { HOST_FACTS } from './host/index.ts';
import { iptablesDumps } from './iptables-dumps/index.ts';
import { kernel } from './kernel/index.ts';
import { kernelConfigOption } from './kernel-config/index.ts';
import { kernelModule } from './kernel-module/index.ts';
import { KUBE_PROXY_FACTS } from './kube-proxy/index.ts';
import { KUBERNETES_FACTS } from './kubernetes/index.ts';
import { offloadFeature } from './offload/index.ts';
import { operatingSystem } from './operating-system/index.ts';
import { SPIDERPOOL_FACTS } from './spiderpool/index.ts';
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
  ...ANTREA_FACTS,
  ...CALICO_FACTS,
  ...HOST_FACTS,
  ...KUBE_PROXY_FACTS,
  ...KUBERNETES_FACTS,
  ...SPIDERPOOL_FACTS,
];
