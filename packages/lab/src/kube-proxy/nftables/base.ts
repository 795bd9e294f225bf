import { masqueradeMark, ofFamily, type ProxyOptions } from '../model/options.ts';
import type { NftTable } from './table.ts';
import { wordsOf } from './words.ts';

/** Sets and maps that all Services share (`setupNFTables`). */
export function addSharedSets(table: NftTable, options: ProxyOptions): void {
  const { type } = wordsOf(options);
  const byAddress = `type ${type} . inet_proto . inet_service : verdict`;
  const byNodePort = 'type inet_proto . inet_service : verdict';
  const note = (text: string): string => `comment "${text}"`;
  table.set('set', 'cluster-ips', `type ${type}`, note('Active ClusterIPs'));
  if (options.nodePortAddresses !== undefined) {
    table.set('set', 'nodeport-ips', `type ${type}`, note('IPs that accept NodePort traffic'));
    for (const address of ofFamily(options.nodePortAddresses, options.family))
      table.element('nodeport-ips', address);
  }
  table.set(
    'map',
    'no-endpoint-services',
    byAddress,
    note('vmap to drop or reject packets to services with no endpoints'),
  );
  table.set(
    'map',
    'no-endpoint-nodeports',
    byNodePort,
    note('vmap to drop or reject packets to service nodeports with no endpoints'),
  );
  table.set(
    'map',
    'firewall-ips',
    byAddress,
    note('destinations that are subject to LoadBalancerSourceRanges'),
  );
  table.set('map', 'service-ips', byAddress, note('ClusterIP, ExternalIP and LoadBalancer IP traffic'));
  table.set('map', 'service-nodeports', byNodePort, note('NodePort traffic'));
}

/**
 * Base chains with what they jump to. Source ranges are looked at before addresses are translated; missing endpoints after it,
 * since older kernels can not reject in prerouting (before Linux 5.9).
 */
export function addBaseChains(table: NftTable): void {
  const base = (
    name: string,
    kind: string,
    hook: string,
    priority: string,
    ...targets: readonly string[]
  ) => {
    table.chain(name, `type ${kind} hook ${hook} priority ${priority}; policy accept;`);
    for (const target of targets) table.rule(name, kind === 'filter' ? 'ct state new' : '', `jump ${target}`);
  };
  base('filter-prerouting-pre-dnat', 'filter', 'prerouting', 'dstnat - 10', 'firewall-check');
  base('filter-output-pre-dnat', 'filter', 'output', '-110', 'firewall-check');
  base('filter-input', 'filter', 'input', 'filter', 'nodeport-endpoints-check', 'service-endpoints-check');
  base('filter-forward', 'filter', 'forward', 'filter', 'service-endpoints-check', 'cluster-ips-check');
  base('filter-output', 'filter', 'output', 'filter', 'service-endpoints-check', 'cluster-ips-check');
  base('nat-prerouting', 'nat', 'prerouting', 'dstnat', 'services');
  base('nat-output', 'nat', 'output', '-100', 'services');
  base('nat-postrouting', 'nat', 'postrouting', 'srcnat', 'masquerading');
}

/** The rules of the chains that all Services share. */
export function addSharedRules(table: NftTable, options: ProxyOptions): void {
  const { ip, notLoopback } = wordsOf(options);
  const mark = masqueradeMark(options);
  const isLimited = options.nodePortAddresses !== undefined;
  const byAddress = `${ip} daddr . meta l4proto . th dport vmap`;
  const byNodePort = 'meta l4proto . th dport vmap';
  table.rule('services', byAddress, '@service-ips');
  const toNodePorts = isLimited ? `${ip} daddr @nodeport-ips` : `fib daddr type local ${notLoopback}`;
  table.rule('services', toNodePorts, byNodePort, '@service-nodeports');
  table.rule('service-endpoints-check', byAddress, '@no-endpoint-services');
  const arrived = isLimited ? `${ip} daddr @nodeport-ips` : notLoopback;
  table.rule('nodeport-endpoints-check', arrived, byNodePort, '@no-endpoint-nodeports');
  table.rule('firewall-check', byAddress, '@firewall-ips');
  addClusterIPCheck(table, options);
  table.chain('reject-chain', 'comment "helper for @no-endpoint-services / @no-endpoint-nodeports"');
  table.rule('reject-chain', 'reject');
  table.rule('mark-for-masquerade', `meta mark set meta mark | ${mark}`);
  table.rule('masquerading', `meta mark & ${mark} == 0x00000000 return`);
  table.rule('masquerading', `meta mark set meta mark ^ ${mark}`);
  table.rule('masquerading', 'masquerade fully-random');
}

function addClusterIPCheck(table: NftTable, options: ProxyOptions): void {
  const { ip } = wordsOf(options);
  const reject = 'reject comment "Reject traffic to invalid ports of ClusterIPs"';
  table.rule('cluster-ips-check', `${ip} daddr @cluster-ips`, reject);
  const ranges = ofFamily(options.serviceCIDRs ?? [], options.family);
  if (ranges.length === 0) return;
  const drop = 'drop comment "Drop traffic to unallocated ClusterIPs"';
  table.rule('cluster-ips-check', `${ip} daddr { ${ranges.join(', ')} }`, drop);
}
