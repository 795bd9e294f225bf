import type { Handling, ServicePort } from '../model/service-port.ts';
import { comment, type RestoreTable } from '../restore/table.ts';
import { portChains } from './names.ts';

/** What the filter table does about one port: refuses or drops what no endpoint serves. */
export function addPortFilters(filter: RestoreTable, port: ServicePort): void {
  const { name, protocol, clusterIP, endpoints } = port;
  const to = (address: string): string => `-p ${protocol} -m ${protocol} -d ${address} --dport ${port.port}`;
  if (port.internal !== 'serve')
    filter.rule('KUBE-SERVICES', ...unserved(name, port.internal, to(clusterIP)));
  if (port.healthCheckNodePort !== undefined) {
    const check = `-p tcp -m tcp --dport ${port.healthCheckNodePort}`;
    filter.rule('KUBE-NODEPORTS', comment(`${name} health check node port`), check, '-j ACCEPT');
  }
  if (endpoints.hasAny && port.sourceRanges.length > 0) {
    for (const address of port.loadBalancerIPs) {
      const note = comment(`${name} traffic not accepted by ${portChains(port).firewall}`);
      filter.rule('KUBE-PROXY-FIREWALL', note, to(address), '-j DROP');
    }
  }
  if (port.external === 'serve') return;
  for (const address of [...port.externalIPs, ...port.loadBalancerIPs]) {
    filter.rule('KUBE-EXTERNAL-SERVICES', ...unserved(name, port.external, to(address)));
  }
  if (port.nodePort !== undefined) {
    const match = `-m addrtype --dst-type LOCAL -p ${protocol} -m ${protocol} --dport ${port.nodePort}`;
    filter.rule('KUBE-EXTERNAL-SERVICES', ...unserved(name, port.external, match));
  }
}

function unserved(name: string, handling: Exclude<Handling, 'serve'>, match: string): readonly string[] {
  const kind = handling === 'drop' ? 'local endpoints' : 'endpoints';
  return [comment(`${name} has no ${kind}`), match, `-j ${handling.toUpperCase()}`];
}
