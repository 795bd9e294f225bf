import type { AnyFactDefinition } from '../../fact.ts';
import { firewalldActive } from './firewalld.ts';
import { iptablesInstalled } from './iptables-installed.ts';
import { mixedBackends } from './mixed-backends.ts';
import { netdeviceWaits } from './netdevice-waits.ts';
import { networkdActive } from './networkd/live.ts';
import { foreignRemoval, systemdVersion } from './networkd/settings.ts';
import { kubeletResolvConf, stubForPods } from './resolv-conf.ts';
import { cniDenials } from './selinux-denials.ts';
import { missingShapingModules } from './shaping-modules.ts';
import { filteredCiliumDevices } from './strict-lxc.ts';
import { supportEnd, supportEnded } from './support-end.ts';
import { ufwDropsForwarded } from './ufw.ts';
import { changedTunnelMacs } from './vtep-mac.ts';
import { withoutKubernetes } from './without-kubernetes.ts';

/** Facts about the host: network managers, firewalls, CNI directories. */
export const HOST_FACTS: readonly AnyFactDefinition[] = [
  supportEnd,
  supportEnded,
  mixedBackends,
  missingShapingModules,
  networkdActive,
  ufwDropsForwarded,
  iptablesInstalled,
  cniDenials,
  kubeletResolvConf,
  stubForPods,
  firewalldActive,
  netdeviceWaits,
  filteredCiliumDevices,
  changedTunnelMacs,
  systemdVersion,
  foreignRemoval,
  withoutKubernetes,
];
