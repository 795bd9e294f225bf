import type { ProxyOptions } from '../model/options.ts';
import type { ServiceSpec } from '../model/service.ts';
import { servicePorts } from '../model/service-port.ts';
import { addForwarding, addMasquerading } from '../restore/masquerade.ts';
import { kernelTables } from '../restore/table.ts';
import { addJumps, addLoopbackProtection, addNodePortJumps } from './base.ts';
import { addPortFilters } from './filter.ts';
import { addPortTranslation } from './translation.ts';

/**
 * The rules of kube-proxy in iptables mode, as a whole input for `iptables-restore` of either back end (`ip6tables-restore`
 * for family 6). Mirrors pkg/proxy/iptables/proxier.go of Kubernetes 1.31 and later, without counters of `nfacct`.
 *
 * @example
 * iptablesRules([{ namespace: 'ns1', name: 'svc1', type: 'ClusterIP', clusterIPs: ['172.30.0.41'],
 *   ports: [{ name: 'p80', port: 80 }], endpoints: [{ address: '10.180.0.1' }] }], options)
 * // … -A KUBE-SERVICES … -d 172.30.0.41 --dport 80 -j KUBE-SVC-XPGD46QRK7WJZT7O …
 */
export function iptablesRules(services: readonly ServiceSpec[], options: ProxyOptions): string {
  const { mangle, filter, nat } = kernelTables();
  for (const table of [mangle, filter, nat]) table.chain('KUBE-PROXY-CANARY');
  for (const chain of ['SERVICES', 'EXTERNAL-SERVICES', 'FORWARD', 'NODEPORTS', 'PROXY-FIREWALL'])
    filter.chain(`KUBE-${chain}`);
  for (const chain of ['SERVICES', 'NODEPORTS', 'POSTROUTING', 'MARK-MASQ']) nat.chain(`KUBE-${chain}`);
  addJumps(filter, nat);
  addMasquerading(nat, options);
  addLoopbackProtection(filter, options);
  for (const port of servicePorts(services, options)) {
    addPortFilters(filter, port);
    addPortTranslation(nat, port, options);
  }
  addNodePortJumps(nat, options);
  filter.rule('KUBE-FORWARD', '-m conntrack --ctstate INVALID', '-j DROP');
  addForwarding(filter, options);
  return [mangle, filter, nat].map((table) => table.text()).join('');
}
