import { PROBES } from '@netvet/core';

/** Probes of what belongs to the machine and not to a namespace, but tells of a node all the same. */
const OF_THE_KERNEL = ['uname', 'lsmod', 'kernel-config', 'iptables-version', 'iptables-path'];
/** Probes of a node's namespace that those of pods do not have. */
const OF_NODES = [
  'bridge-fdb',
  'ipvsadm-save',
  'ipvsadm-list',
  'ipvsadm-timeout',
  'conntrack-stats',
  'conntrack-list',
  'ethtool-driver',
];
/** Probes that take one command for each interface, or wait, and that no walk of a packet reads. */
const NOT_FOR_WALKS = new Set([
  'ethtool-features',
  'ethtool-stats',
  'ethtool-driver',
  'nstat',
  'conntrack-stats',
  'conntrack-list',
  ...OF_THE_KERNEL,
]);

/** How much is collected: everything, or what the walk of a packet reads. */
export type Extent = 'all' | 'for-walks';

/** Ids of the probes that are run in the namespace of a node or of a pod. */
export function probesFor(kind: 'node' | 'pod', extent: Extent): readonly string[] {
  const every = PROBES.filter(({ perNamespace }) => perNamespace).map(({ id }) => id);
  const ids = kind === 'pod' ? every : [...OF_THE_KERNEL, ...every, ...OF_NODES];
  return extent === 'all' ? ids : ids.filter((id) => !NOT_FOR_WALKS.has(id));
}
