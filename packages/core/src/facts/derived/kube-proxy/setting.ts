import type { MissingFact } from '../../../model/finding.ts';
import { type FactDefinition, known, type Origin, unknown } from '../../fact.ts';
import { valuesAt } from '../../field-path.ts';
import type { Reader } from '../../reader.ts';
import { proxyConfiguration } from './configuration.ts';

/** A setting as somebody wrote it, or that nobody did. */
export type ProxySetting =
  | { readonly state: 'set'; readonly value: unknown; readonly origin: Origin }
  | { readonly state: 'not-set'; readonly origin: Origin }
  | { readonly state: 'unknown'; readonly missing: readonly MissingFact[] };

/** Field of the configuration file → flag of the command line. */
const FLAGS: Readonly<Record<string, string>> = {
  mode: 'proxy-mode',
  clusterCIDR: 'cluster-cidr',
  detectLocalMode: 'detect-local-mode',
  nodePortAddresses: 'nodeport-addresses',
  'conntrack.maxPerCore': 'conntrack-max-per-core',
  'conntrack.min': 'conntrack-min',
  'conntrack.tcpBeLiberal': 'conntrack-tcp-be-liberal',
  'iptables.localhostNodePorts': 'iptables-localhost-nodeports',
  'iptables.masqueradeAll': 'masquerade-all',
  'iptables.minSyncPeriod': 'iptables-min-sync-period',
  'iptables.syncPeriod': 'iptables-sync-period',
  'ipvs.excludeCIDRs': 'ipvs-exclude-cidrs',
  'ipvs.strictARP': 'ipvs-strict-arp',
  'ipvs.tcpTimeout': 'ipvs-tcp-timeout',
};

/** Looks a setting up where kube-proxy does: in its configuration file if it has one, else among its flags. */
export function proxySetting(read: Reader, field: string): ProxySetting {
  const configuration = read.fact(proxyConfiguration);
  if (configuration.state === 'unknown') return { state: 'unknown', missing: configuration.missing };
  const found = configuration.value;
  if (found.kind === 'file') {
    const { value, origin } = found.document;
    const [hit] = valuesAt(value, field);
    return hit === undefined || hit.value === null
      ? { state: 'not-set', origin }
      : { state: 'set', value: hit.value, origin };
  }
  const flag = found.flags.get(FLAGS[field] ?? '');
  if (flag === undefined) return { state: 'not-set', origin: found.origin };
  // A variable that the pod's own environment does not define: the value cannot be known.
  if (/\$[({A-Za-z_]/.test(flag.value)) return { state: 'unknown', missing: [missingSetting(field)] };
  return { state: 'set', value: flag.value, origin: flag.origin };
}

function missingSetting(field: string): MissingFact {
  return { fact: `kube-proxy setting ${field}`, command: 'ps -o args= -C kube-proxy', where: 'node' };
}

/** A setting of kube-proxy by its field in the configuration file, for example `conntrack.maxPerCore`; null: not set. */
export const proxySettingFact: FactDefinition<unknown> = {
  id: 'kube-proxy.setting',
  title: 'kube-proxy setting',
  parameter: 'field of KubeProxyConfiguration',
  level: 'node',
  compute(read, field) {
    const setting = proxySetting(read, field);
    if (setting.state === 'unknown') return unknown(...setting.missing);
    return known(setting.state === 'set' ? setting.value : null, setting.origin);
  },
};
