import type { ProxyOptions } from '../model/options.ts';
import type { Handling, ServicePort } from '../model/service-port.ts';
import { portChains } from './names.ts';
import type { NftTable } from './table.ts';
import { wordsOf } from './words.ts';

/** Puts the addresses and the NodePort of one port into the maps that all packets are looked up in. */
export function addDispatch(table: NftTable, port: ServicePort): void {
  const { protocol, endpoints } = port;
  const chains = portChains(port);
  const keyOf = (address: string): string => `${address} . ${protocol} . ${port.port}`;
  const unserved = (map: string, key: string, handling: Exclude<Handling, 'serve'>): void => {
    const verdict = handling === 'drop' ? 'drop' : 'goto reject-chain';
    table.element(map, `${key} comment "${port.name}" : ${verdict}`);
  };
  if (port.internal === 'serve') {
    const chain = port.isInternalLocal ? chains.local : chains.cluster;
    table.element('service-ips', `${keyOf(port.clusterIP)} : goto ${chain}`);
  } else {
    unserved('no-endpoint-services', keyOf(port.clusterIP), port.internal);
  }
  for (const address of [...port.externalIPs, ...port.loadBalancerIPs]) {
    if (endpoints.hasAny) table.element('service-ips', `${keyOf(address)} : goto ${chains.external}`);
    if (port.external !== 'serve') unserved('no-endpoint-services', keyOf(address), port.external);
  }
  if (port.nodePort === undefined) return;
  const key = `${protocol} . ${port.nodePort}`;
  if (endpoints.hasAny) table.element('service-nodeports', `${key} : goto ${chains.external}`);
  if (port.external !== 'serve') unserved('no-endpoint-nodeports', key, port.external);
}

/** Where only some sources may use the load balancer: all others are dropped, with or without endpoints. */
export function addSourceRanges(table: NftTable, port: ServicePort, options: ProxyOptions): void {
  if (port.loadBalancerIPs.length === 0 || port.sourceRanges.length === 0) return;
  const { firewall } = portChains(port);
  // A node that has the load balancer's address as its own sends from that address.
  const own = port.isNodeInRanges ? port.loadBalancerIPs : [];
  const sources = [...port.sourceRanges, ...own].join(', ');
  table.rule(firewall, `${wordsOf(options).ip} saddr != { ${sources} } drop`);
  for (const address of port.loadBalancerIPs) {
    const key = `${address} . ${port.protocol} . ${port.port}`;
    table.element('firewall-ips', `${key} comment "${port.name}" : goto ${firewall}`);
  }
}
