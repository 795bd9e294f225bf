import type { ServicePort } from '../model/service-port.ts';
import { comment, type RestoreTable } from '../restore/table.ts';
import type { ProxySets, SetId } from './sets.ts';

/** Jumps from the chains of the kernel, first of each chain first (`iptablesJumpChain`; kube-proxy prepends them one by one). */
export function addFilterJumps(filter: RestoreTable): void {
  const firewall = comment('kube-proxy firewall rules');
  const access = comment('kubernetes ipvs access filter');
  filter.rule('INPUT', access, '-j KUBE-IPVS-FILTER');
  filter.rule('INPUT', firewall, '-j KUBE-PROXY-FIREWALL');
  filter.rule('INPUT', comment('kubernetes health check rules'), '-j KUBE-NODE-PORT');
  filter.rule('FORWARD', firewall, '-j KUBE-PROXY-FIREWALL');
  filter.rule('FORWARD', comment('kubernetes forwarding rules'), '-j KUBE-FORWARD');
  filter.rule('OUTPUT', access, '-j KUBE-IPVS-OUT-FILTER');
}

/** Source ranges of load balancers, and the health checks of their Services. */
export function addSourceFilter(filter: RestoreTable, sets: ProxySets): void {
  const jump = (chain: string, id: SetId, match: string, target: string): void => {
    if (sets.isEmpty(id)) return;
    const set = `-m set --match-set ${sets.name(id)} ${match}`;
    filter.rule(chain, comment(sets.comment(id)), set, `-j ${target}`);
  };
  jump('KUBE-PROXY-FIREWALL', 'LOAD-BALANCER-FW', 'dst,dst', 'KUBE-SOURCE-RANGES-FIREWALL');
  jump('KUBE-SOURCE-RANGES-FIREWALL', 'LOAD-BALANCER-SOURCE-CIDR', 'dst,dst,src', 'RETURN');
  jump('KUBE-SOURCE-RANGES-FIREWALL', 'LOAD-BALANCER-SOURCE-IP', 'dst,dst,src', 'RETURN');
  filter.rule('KUBE-SOURCE-RANGES-FIREWALL', '-j DROP');
}

/** Keeps the node itself away from a load balancer whose source ranges do not have the node. */
export function addNodeFilter(filter: RestoreTable, ports: readonly ServicePort[]): void {
  for (const { loadBalancerIPs, sourceRanges, isNodeInRanges, protocol, port } of ports) {
    if (sourceRanges.length === 0 || isNodeInRanges) continue;
    for (const address of loadBalancerIPs) {
      // The node sends from the address itself, since it is on kube-ipvs0.
      const service = `-m ipvs --vaddr ${address} --vproto ${protocol} --vport ${port}`;
      filter.rule('KUBE-IPVS-OUT-FILTER', `-s ${address}`, service, '-j DROP');
    }
  }
}

/**
 * The addresses on kube-ipvs0 are the node's own, so all that listens on the node would be reached by them; only ports of
 * Services may be (https://github.com/kubernetes/kubernetes/issues/72236).
 */
export function addAccessFilter(filter: RestoreTable, sets: ProxySets): void {
  const check = sets.name('HEALTH-CHECK-NODE-PORT');
  filter.rule(
    'KUBE-NODE-PORT',
    comment(sets.comment('HEALTH-CHECK-NODE-PORT')),
    `-m set --match-set ${check} dst`,
    '-j ACCEPT',
  );
  for (const id of ['LOAD-BALANCER', 'CLUSTER-IP', 'EXTERNAL-IP', 'EXTERNAL-IP-LOCAL'] as const)
    filter.rule('KUBE-IPVS-FILTER', `-m set --match-set ${sets.name(id)} dst,dst`, '-j RETURN');
  filter.rule('KUBE-IPVS-FILTER', `-m set --match-set ${check} dst`, '-j RETURN');
  filter.rule(
    'KUBE-IPVS-FILTER',
    '-m conntrack --ctstate NEW',
    `-m set --match-set ${sets.name('IPVS-IPS')} dst`,
    '-j REJECT',
  );
}
