import { backendsOf, type Cluster, NETWORKS, type NodePlan } from '../cluster/plan.ts';
import {
  iptablesRules,
  ipvsRules,
  nftablesRules,
  type ProxyOptions,
  type ServiceSpec,
} from '../kube-proxy/index.ts';
import { type Command, inside, ip, sysctl } from '../netns/command.ts';
import { type Family, iptablesTool, restore } from './restore.ts';

/** Commands that program the Services of a lab on a node, the way the lab's proxy does it. */
export function proxyCommands(cluster: Cluster, node: NodePlan, family: Family): readonly Command[] {
  const { proxy } = cluster.options;
  const services = serviceSpecs(cluster);
  const options = proxyOptions(node, family);
  switch (proxy) {
    case 'none':
      return [];
    case 'iptables-legacy':
    case 'iptables-nft':
      return [restore(node.netns, iptablesTool(proxy, family), iptablesRules(services, options))];
    case 'nftables':
      return [
        inside(node.netns, ['nft', '-f', '-'], `${emptyNftables(family)}${nftablesRules(services, options)}`),
      ];
    case 'ipvs':
      return ipvsCommands(cluster, node, family);
  }
}

/** Removes the table, which has to be there for that. */
function emptyNftables(family: Family): string {
  const table = `table ip${family === 6 ? '6' : ''} kube-proxy`;
  return `add ${table}\ndelete ${table}\n`;
}

/** What kube-proxy sets in IPVS mode; without connection tracking nothing could be masqueraded (pkg/proxy/ipvs/proxier.go). */
const IPVS_SETTINGS = {
  'net/ipv4/vs/conntrack': 1,
  'net/ipv4/vs/conn_reuse_mode': 0,
  'net/ipv4/vs/expire_nodest_conn': 1,
  'net/ipv4/vs/expire_quiescent_template': 1,
};

function ipvsCommands(cluster: Cluster, node: NodePlan, family: Family): readonly Command[] {
  const rules = ipvsRules(serviceSpecs(cluster), proxyOptions(node, family));
  const length = family === 4 ? 32 : 128;
  return [
    inside(node.netns, [
      'sh',
      '-c',
      'ip link show kube-ipvs0 >/dev/null 2>&1 || ip link add kube-ipvs0 type dummy',
    ]),
    ip(node.netns, ...rules.addresses.map((address) => `addr replace ${address}/${length} dev kube-ipvs0`)),
    inside(node.netns, ['ipset', 'restore', '-exist'], emptied(rules.ipset)),
    inside(node.netns, ['ipvsadm', '-C']),
    inside(node.netns, ['ipvsadm-restore'], rules.ipvsadm),
    sysctl(node.netns, IPVS_SETTINGS),
    restore(node.netns, iptablesTool(cluster.options.proxy, family), rules.iptables),
  ];
}

/** Sets that are there already lose the members that the new ones do not have. */
function emptied(sets: string): string {
  return sets.replaceAll(/^create (\S+) .*$/gm, '$&\nflush $1');
}

/** What kube-proxy of a node is configured with. */
export function proxyOptions(node: NodePlan, family: Family): ProxyOptions {
  return {
    family,
    nodeName: node.name,
    nodeAddresses: [node.address, node.address6],
    detectLocal: { clusterCIDR: family === 4 ? NETWORKS.pods : NETWORKS.pods6 },
    serviceCIDRs: [NETWORKS.services, NETWORKS.services6],
  };
}

/** The Services of a lab with their endpoints. */
export function serviceSpecs(cluster: Cluster): readonly ServiceSpec[] {
  const { ipv6 } = cluster.options;
  return cluster.services.map((service) => ({
    namespace: service.namespace,
    name: service.name,
    type: service.type,
    clusterIPs: ipv6 ? [service.address, service.address6] : [service.address],
    ports: service.ports,
    endpoints: backendsOf(cluster, service).flatMap((pod) =>
      (ipv6 ? [pod.address, pod.address6] : [pod.address]).map((address) => ({
        address,
        nodeName: pod.node.name,
        ready: pod.isReady,
      })),
    ),
  }));
}
