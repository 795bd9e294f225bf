import type { MissingFact } from '../../model/finding.ts';
import { PROBE_IDS } from './probe-ids.ts';

/** A probe, or objects by the name they have in an evidence directory; `member` is the device or file of a family. */
export interface WantedEvidence {
  readonly probe: string;
  readonly member?: string;
}

/** Commands that ask for a part of what a probe collects, by how they begin. The first that fits counts. */
export const PROBES_BY_COMMAND: readonly (readonly [RegExp, string])[] = [
  [/^sysctl\b/, 'sysctl'],
  [/^ethtool -k\b/, 'ethtool-features'],
  [/^ethtool -i\b/, 'ethtool-driver'],
  [/^ip (?:-d )?link\b/, 'ip-link'],
  [/^iptables-legacy-save\b/, 'iptables-legacy-save'],
  [/^iptables-nft-save\b/, 'iptables-nft-save'],
  [/^iptables-save\b/, 'iptables-save'],
  [/^iptables -V\b/, 'iptables-version'],
  [/^kubectl .*\bexec\b.* iptables -V\b/, 'iptables-version-in-container'],
  [/^conntrack -S\b/, 'conntrack-stats'],
  [/^modprobe --dry-run\b/, 'modules-available'],
  [/^grep CONFIG_/, 'kernel-config'],
  [/^(?:cat|ls) \/etc\/cni\/net\.d\b/, 'cni-conf'],
  [/^cat \/etc\/NetworkManager\b/, 'networkmanager'],
  [/^cat \/var\/lib\/kubelet\/config\.yaml/, 'kubelet-config'],
  [/^containerd config\b/, 'containerd-config'],
  [/^systemctl (?:is-active|list-units)\b/, 'units'],
  [/^kubectl logs\b|\| xargs .*\bkubectl logs\b/, 'logs'],
  [/^kubectl version\b/, 'version'],
];

const OBJECTS = /^kubectl (?:-n [a-z0-9-]+ )?get ([a-z0-9.,-]+)(?: -A)? -o json/;
/** `kubectl` takes short names; files of an evidence directory have the API group in theirs. */
const LONG_NAMES: Readonly<Record<string, string>> = {
  cronjobs: 'cronjobs.batch',
  daemonsets: 'daemonsets.apps',
  deployments: 'deployments.apps',
  endpointslices: 'endpointslices.discovery.k8s.io',
  ingresses: 'ingresses.networking.k8s.io',
  jobs: 'jobs.batch',
  networkpolicies: 'networkpolicies.networking.k8s.io',
  replicasets: 'replicasets.apps',
  statefulsets: 'statefulsets.apps',
};

/** The evidence that a missing fact stands for; the fact by its own name where no probe is known to carry it. */
export function wantedEvidence({ fact, command }: MissingFact): readonly WantedEvidence[] {
  const objects = /^objects of (.+)$/s.exec(fact)?.[1];
  if (objects !== undefined) return [{ probe: objects }];
  const whole = PROBE_IDS[fact];
  if (whole !== undefined) return [{ probe: whole }];
  const [, title = '', member = ''] = /^(.+?) \((.+)\)$/s.exec(fact) ?? [];
  const family = PROBE_IDS[title];
  if (family !== undefined) return [{ probe: family, member }];
  const resources = OBJECTS.exec(command)?.[1]?.split(',');
  if (resources !== undefined) return resources.map((name) => ({ probe: LONG_NAMES[name] ?? name }));
  const [, probe] = PROBES_BY_COMMAND.find(([pattern]) => pattern.test(command)) ?? [];
  if (probe === undefined) return [{ probe: fact }];
  const device = /^ethtool -[ki] ([a-z0-9._-]+)$/.exec(command)?.[1];
  return [device === undefined ? { probe } : { probe, member: device }];
}
