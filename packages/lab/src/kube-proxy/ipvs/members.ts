import { ofFamily, type ProxyOptions } from '../model/options.ts';
import type { ServicePort } from '../model/service-port.ts';
import type { ProxySets, SetId } from './sets.ts';

/** Puts one port into the sets its traffic is found by (pkg/proxy/ipvs/proxier.go, `syncProxyRules`). */
export function addMembers(sets: ProxySets, port: ServicePort, options: ProxyOptions): void {
  const { protocol } = port;
  const member = (address: string): string => `${address},${protocol}:${port.port}`;
  for (const { address, port: number } of port.endpoints.onNode)
    sets.add('LOOP-BACK', `${address},${protocol}:${number},${address}`);
  sets.add('CLUSTER-IP', member(port.clusterIP));
  for (const address of port.externalIPs)
    sets.add(port.isExternalLocal ? 'EXTERNAL-IP-LOCAL' : 'EXTERNAL-IP', member(address));
  for (const address of port.loadBalancerIPs) {
    sets.add('LOAD-BALANCER', member(address));
    if (port.isExternalLocal) sets.add('LOAD-BALANCER-LOCAL', member(address));
    if (port.sourceRanges.length === 0) continue;
    sets.add('LOAD-BALANCER-FW', member(address));
    for (const range of port.sourceRanges)
      sets.add('LOAD-BALANCER-SOURCE-CIDR', `${member(address)},${range}`);
    if (port.isNodeInRanges) sets.add('LOAD-BALANCER-SOURCE-IP', `${member(address)},${address}`);
  }
  addNodePort(sets, port, options);
  if (port.healthCheckNodePort !== undefined)
    sets.add('HEALTH-CHECK-NODE-PORT', `${port.healthCheckNodePort}`);
}

function addNodePort(sets: ProxySets, port: ServicePort, options: ProxyOptions): void {
  const { nodePort, protocol } = port;
  if (nodePort === undefined) return;
  const ids = nodePortSets(protocol);
  // SCTP has no type of set with ports alone, so its members name every address of the node.
  const members =
    protocol === 'sctp'
      ? nodePortAddresses(options).map((address) => `${address},sctp:${nodePort}`)
      : [`${nodePort}`];
  for (const member of members) {
    sets.add(ids.all, member);
    if (port.isExternalLocal) sets.add(ids.local, member);
  }
}

function nodePortSets(protocol: string): { readonly all: SetId; readonly local: SetId } {
  if (protocol === 'udp') return { all: 'NODE-PORT-UDP', local: 'NODE-PORT-LOCAL-UDP' };
  if (protocol === 'sctp') return { all: 'NODE-PORT-SCTP-HASH', local: 'NODE-PORT-LOCAL-SCTP-HASH' };
  return { all: 'NODE-PORT-TCP', local: 'NODE-PORT-LOCAL-TCP' };
}

/** Where NodePorts answer; the loopback addresses never do in IPVS mode. */
export function nodePortAddresses({
  family,
  nodeAddresses,
  nodePortAddresses,
}: ProxyOptions): readonly string[] {
  return ofFamily(nodePortAddresses ?? nodeAddresses, family).filter(
    (address) => address !== '::1' && !address.startsWith('127.'),
  );
}
