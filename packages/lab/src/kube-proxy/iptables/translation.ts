import type { Endpoint } from '../model/endpoints.ts';
import type { ProxyOptions } from '../model/options.ts';
import type { ServicePort } from '../model/service-port.ts';
import { matchLocal } from '../restore/local-traffic.ts';
import { comment, type RestoreTable } from '../restore/table.ts';
import { endpointChain, portChains } from './names.ts';

/** The way of one port from its addresses to its endpoints, in the nat table (`syncProxyRules`). */
export function addPortTranslation(nat: RestoreTable, port: ServicePort, options: ProxyOptions): void {
  const chains = portChains(port);
  addEntrances(nat, port);
  if (port.internal === 'serve') addClusterIPMasquerading(nat, port, options);
  if (port.endpoints.hasAny && port.isExternal) addExternalChain(nat, port, options);
  if (isRestricted(port)) addFirewallChain(nat, port);
  addChoice(nat, port, chains.cluster, port.endpoints.cluster);
  addChoice(nat, port, chains.local, port.endpoints.local);
  for (const endpoint of port.endpoints.reachable) addEndpoint(nat, port, endpoint);
}

function isRestricted({ endpoints, loadBalancerIPs, sourceRanges }: ServicePort): boolean {
  return endpoints.hasAny && loadBalancerIPs.length > 0 && sourceRanges.length > 0;
}

function addEntrances(nat: RestoreTable, port: ServicePort): void {
  const { name, protocol } = port;
  const chains = portChains(port);
  const enter = (kind: string, address: string, chain: string): void => {
    const match = `-p ${protocol} -m ${protocol} -d ${address} --dport ${port.port}`;
    nat.rule('KUBE-SERVICES', comment(`${name} ${kind}`), match, `-j ${chain}`);
  };
  if (port.internal === 'serve')
    enter('cluster IP', port.clusterIP, port.isInternalLocal ? chains.local : chains.cluster);
  if (!port.endpoints.hasAny) return;
  for (const address of port.externalIPs) enter('external IP', address, chains.external);
  for (const address of port.loadBalancerIPs)
    enter('loadbalancer IP', address, isRestricted(port) ? chains.firewall : chains.external);
  if (port.nodePort !== undefined) {
    const match = `-p ${protocol} -m ${protocol} --dport ${port.nodePort}`;
    nat.rule('KUBE-NODEPORTS', comment(name), match, `-j ${chains.external}`);
  }
}

/** A router may send traffic for cluster IPs to any node; its answers have to come back through that node. */
function addClusterIPMasquerading(nat: RestoreTable, port: ServicePort, options: ProxyOptions): void {
  const { detectLocal, masqueradeAll = false } = options;
  if (!masqueradeAll && detectLocal === undefined) return;
  const { cluster, local } = portChains(port);
  nat.rule(
    port.isInternalLocal ? local : cluster,
    comment(`${port.name} cluster IP`),
    `-p ${port.protocol} -m ${port.protocol} -d ${port.clusterIP} --dport ${port.port}`,
    masqueradeAll || detectLocal === undefined ? '' : matchLocal(detectLocal, false),
    '-j KUBE-MARK-MASQ',
  );
}

function addExternalChain(nat: RestoreTable, port: ServicePort, { detectLocal }: ProxyOptions): void {
  const { external, cluster, local } = portChains(port);
  const note = (verb: string): string => comment(`${verb} ${port.name} external destinations`);
  if (port.isExternalLocal) {
    if (detectLocal !== undefined)
      nat.rule(external, note('pod traffic for'), matchLocal(detectLocal, true), `-j ${cluster}`);
    const fromNode = '-m addrtype --src-type LOCAL';
    nat.rule(external, note('masquerade LOCAL traffic for'), fromNode, '-j KUBE-MARK-MASQ');
    nat.rule(external, note('route LOCAL traffic for'), fromNode, `-j ${cluster}`);
  } else {
    nat.rule(external, note('masquerade traffic for'), '-j KUBE-MARK-MASQ');
  }
  if (port.external === 'serve') nat.rule(external, `-j ${port.isExternalLocal ? local : cluster}`);
}

/** What gets to the end of the chain keeps its destination, and KUBE-PROXY-FIREWALL drops it. */
function addFirewallChain(nat: RestoreTable, port: ServicePort): void {
  const { firewall, external } = portChains(port);
  // A node that has the load balancer's address as its own sends from that address.
  const own = port.isNodeInRanges ? port.loadBalancerIPs : [];
  for (const source of [...port.sourceRanges, ...own])
    nat.rule(firewall, comment(`${port.name} loadbalancer IP`), `-s ${source}`, `-j ${external}`);
  nat.rule(firewall, comment(`other traffic to ${port.name} will be dropped by KUBE-PROXY-FIREWALL`));
}

function addChoice(
  nat: RestoreTable,
  port: ServicePort,
  chain: string,
  endpoints: readonly Endpoint[],
): void {
  const note = ({ text }: Endpoint): string => comment(`${port.name} -> ${text}`);
  if (port.affinitySeconds !== undefined) {
    for (const endpoint of endpoints) {
      const target = endpointChain(port, endpoint.text);
      const recent = `-m recent --name ${target} --rcheck --seconds ${port.affinitySeconds} --reap`;
      nat.rule(chain, note(endpoint), recent, `-j ${target}`);
    }
  }
  for (const [index, endpoint] of endpoints.entries()) {
    const left = endpoints.length - index;
    const chance = left === 1 ? '' : `-m statistic --mode random --probability ${(1 / left).toFixed(10)}`;
    nat.rule(chain, note(endpoint), chance, `-j ${endpointChain(port, endpoint.text)}`);
  }
}

function addEndpoint(nat: RestoreTable, port: ServicePort, { address, text }: Endpoint): void {
  const chain = endpointChain(port, text);
  const note = comment(port.name);
  nat.rule(chain, note, `-s ${address}`, '-j KUBE-MARK-MASQ');
  const remember = port.affinitySeconds === undefined ? '' : `-m recent --name ${chain} --set`;
  const translate = `-p ${port.protocol} -m ${port.protocol} -j DNAT --to-destination ${text}`;
  nat.rule(chain, note, remember, translate);
}
