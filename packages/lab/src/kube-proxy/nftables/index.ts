import type { ProxyOptions } from '../model/options.ts';
import type { ServiceSpec } from '../model/service.ts';
import { servicePorts } from '../model/service-port.ts';
import { addBaseChains, addSharedRules, addSharedSets } from './base.ts';
import { addDispatch, addSourceRanges } from './dispatch.ts';
import { NftTable } from './table.ts';
import { addPortTranslation } from './translation.ts';
import { wordsOf } from './words.ts';

/**
 * The table of kube-proxy in nftables mode, as an input for `nft -f` that also reads as `nft list ruleset` prints it. Mirrors
 * pkg/proxy/nftables/proxier.go with the chains `filter-prerouting-pre-dnat` and `mark-for-masquerade`; earlier and later
 * releases have others for the same work.
 * It is for a node that does not have the table yet: what the table has already stays.
 *
 * @example
 * nftablesRules([{ namespace: 'ns1', name: 'svc1', type: 'ClusterIP', clusterIPs: ['172.30.0.41'],
 *   ports: [{ name: 'p80', port: 80 }], endpoints: [{ address: '10.180.0.1' }] }], options)
 * // … 172.30.0.41 . tcp . 80 : goto service-ULMVA6XW-ns1/svc1/tcp/p80 …
 */
export function nftablesRules(services: readonly ServiceSpec[], options: ProxyOptions): string {
  const table = new NftTable(`table ${wordsOf(options).ip} kube-proxy`);
  addSharedSets(table, options);
  addBaseChains(table);
  addSharedRules(table, options);
  const ports = servicePorts(services, options);
  for (const address of new Set(ports.map(({ clusterIP }) => clusterIP)))
    table.element('cluster-ips', address);
  for (const port of ports) {
    addDispatch(table, port);
    addSourceRanges(table, port, options);
    addPortTranslation(table, port, options);
  }
  return table.text();
}
