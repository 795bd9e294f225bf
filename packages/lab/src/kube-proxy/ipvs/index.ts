import { ofFamily, type ProxyOptions } from '../model/options.ts';
import type { ServiceSpec } from '../model/service.ts';
import { servicePorts } from '../model/service-port.ts';
import { addForwarding, addMasquerading } from '../restore/masquerade.ts';
import { kernelTables } from '../restore/table.ts';
import { addAccessFilter, addFilterJumps, addNodeFilter, addSourceFilter } from './filter.ts';
import { addMembers } from './members.ts';
import { virtualServices } from './servers.ts';
import { ProxySets } from './sets.ts';
import { addMasqueradeChoice, addTranslationJumps } from './translation.ts';

/** What kube-proxy sets up in IPVS mode. */
export interface IpvsRules {
  /** For `ipvsadm-restore`, as `ipvsadm -Sn` prints it. */
  readonly ipvsadm: string;
  /** For `ipset restore`; has to be there before the rules are. */
  readonly ipset: string;
  /** For `iptables-restore` of either back end, or `ip6tables-restore`. */
  readonly iptables: string;
  /** What `kube-ipvs0` has. */
  readonly addresses: readonly string[];
}

/**
 * The rules of kube-proxy in IPVS mode with the scheduler `rr`. Mirrors pkg/proxy/ipvs/proxier.go of Kubernetes 1.31 and later.
 */
export function ipvsRules(services: readonly ServiceSpec[], options: ProxyOptions): IpvsRules {
  const ports = servicePorts(services, options);
  const sets = new ProxySets(options.family);
  for (const port of ports) addMembers(sets, port, options);
  const addresses = boundAddresses(ports, options);
  for (const address of addresses) sets.add('IPVS-IPS', address);
  const { filter, nat } = kernelTables();
  for (const chain of ['SERVICES', 'POSTROUTING', 'NODE-PORT', 'LOAD-BALANCER', 'MARK-MASQ'])
    nat.chain(`KUBE-${chain}`);
  addTranslationJumps(nat);
  addMasqueradeChoice(nat, sets, options);
  addMasquerading(nat, options);
  for (const chain of ['FORWARD', 'NODE-PORT', 'PROXY-FIREWALL', 'SOURCE-RANGES-FIREWALL'])
    filter.chain(`KUBE-${chain}`);
  for (const chain of ['IPVS-FILTER', 'IPVS-OUT-FILTER']) filter.chain(`KUBE-${chain}`);
  addFilterJumps(filter);
  addSourceFilter(filter, sets);
  addNodeFilter(filter, ports);
  addForwarding(filter, options);
  addAccessFilter(filter, sets);
  return {
    ipvsadm: ports
      .flatMap((port) => virtualServices(port, options))
      .map((line) => `${line}\n`)
      .join(''),
    ipset: sets.text(),
    iptables: [filter, nat].map((table) => table.text()).join(''),
    addresses,
  };
}

/** An address that another interface of the node has stays there. */
function boundAddresses(ports: ReturnType<typeof servicePorts>, options: ProxyOptions): readonly string[] {
  const own = new Set(ofFamily(options.nodeAddresses, options.family));
  const outside = ports.flatMap((port) => [...port.externalIPs, ...port.loadBalancerIPs]);
  const bound = [
    ...ports.map(({ clusterIP }) => clusterIP),
    ...outside.filter((address) => !own.has(address)),
  ];
  return [...new Set(bound)].sort();
}
