import type { Endpoint } from '../model/endpoints.ts';
import type { ProxyOptions } from '../model/options.ts';
import type { ServicePort } from '../model/service-port.ts';
import { endpointNames, portChains } from './names.ts';
import type { NftTable } from './table.ts';
import { matchLocal, wordsOf } from './words.ts';

const MASQUERADE = 'jump mark-for-masquerade';

/** The chains of one port that choose an endpoint and translate to it (`syncProxyRules`). */
export function addPortTranslation(table: NftTable, port: ServicePort, options: ProxyOptions): void {
  const { cluster, local } = portChains(port);
  const { ip, type } = wordsOf(options);
  if (port.affinitySeconds !== undefined) {
    for (const endpoint of port.endpoints.reachable) {
      const { affinity } = endpointNames(port, endpoint);
      const timeout = `timeout ${port.affinitySeconds}s`;
      table.set('set', affinity, `type ${type}`, 'size 65535', 'flags dynamic,timeout', timeout);
    }
  }
  if (port.internal === 'serve') addClusterIPMasquerading(table, port, options);
  if (port.endpoints.hasAny && port.isExternal) addExternalChain(table, port, options);
  addChoice(table, ip, port, cluster, port.endpoints.cluster);
  addChoice(table, ip, port, local, port.endpoints.local);
  for (const endpoint of port.endpoints.reachable) addEndpoint(table, ip, port, endpoint);
}

/** A router may send traffic for cluster IPs to any node; its answers have to come back through that node. */
function addClusterIPMasquerading(table: NftTable, port: ServicePort, options: ProxyOptions): void {
  const { detectLocal, masqueradeAll = false } = options;
  if (!masqueradeAll && detectLocal === undefined) return;
  const { cluster, local } = portChains(port);
  const { ip } = wordsOf(options);
  table.rule(
    port.isInternalLocal ? local : cluster,
    `${ip} daddr ${port.clusterIP} ${port.protocol} dport ${port.port}`,
    masqueradeAll || detectLocal === undefined ? '' : matchLocal(ip, detectLocal, false),
    MASQUERADE,
  );
}

function addExternalChain(table: NftTable, port: ServicePort, options: ProxyOptions): void {
  const { external, cluster, local } = portChains(port);
  const { detectLocal } = options;
  if (port.isExternalLocal) {
    if (detectLocal !== undefined) {
      const fromPods = matchLocal(wordsOf(options).ip, detectLocal, true);
      table.rule(external, fromPods, `goto ${cluster}`, 'comment "short-circuit pod traffic"');
    }
    table.rule(external, 'fib saddr type local', MASQUERADE, 'comment "masquerade local traffic"');
    table.rule(external, 'fib saddr type local', `goto ${cluster}`, 'comment "short-circuit local traffic"');
  } else {
    table.rule(external, MASQUERADE);
  }
  if (port.external === 'serve') table.rule(external, `goto ${port.isExternalLocal ? local : cluster}`);
}

function addChoice(
  table: NftTable,
  ip: string,
  port: ServicePort,
  chain: string,
  endpoints: readonly Endpoint[],
): void {
  if (endpoints.length === 0) return;
  const names = endpoints.map((endpoint) => endpointNames(port, endpoint));
  if (port.affinitySeconds !== undefined) {
    for (const { chain: target, affinity } of names)
      table.rule(chain, `${ip} saddr @${affinity} goto ${target}`);
  }
  const choices = names.map(({ chain: target }, index) => `${index} : goto ${target}`).join(', ');
  table.rule(chain, `numgen random mod ${endpoints.length} vmap { ${choices} }`);
}

function addEndpoint(table: NftTable, ip: string, port: ServicePort, endpoint: Endpoint): void {
  const { chain, affinity } = endpointNames(port, endpoint);
  table.rule(chain, `${ip} saddr ${endpoint.address}`, MASQUERADE);
  if (port.affinitySeconds !== undefined) table.rule(chain, `update @${affinity} { ${ip} saddr }`);
  table.rule(chain, `meta l4proto ${port.protocol} dnat to ${endpoint.text}`);
}
