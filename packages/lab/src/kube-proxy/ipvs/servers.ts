import { type Endpoint, joinAddress } from '../model/endpoints.ts';
import type { ProxyOptions } from '../model/options.ts';
import type { ServicePort } from '../model/service-port.ts';
import { nodePortAddresses } from './members.ts';

const SERVICE_FLAG: Readonly<Record<string, string>> = { tcp: '-t', udp: '-u', sctp: '--sctp-service' };

/** The virtual services of one port with their servers, as `ipvsadm -Sn` prints them. */
export function virtualServices(port: ServicePort, options: ProxyOptions): readonly string[] {
  const internal = serversOf(port, port.isInternalLocal);
  const external = serversOf(port, port.isExternalLocal);
  const { nodePort } = port;
  return [
    ...virtualService(port, port.clusterIP, port.port, internal),
    ...[...port.externalIPs, ...port.loadBalancerIPs].flatMap((address) =>
      virtualService(port, address, port.port, external),
    ),
    ...(nodePort === undefined ? [] : nodePortAddresses(options)).flatMap((address) =>
      virtualService(port, address, nodePort ?? 0, external),
    ),
  ];
}

/**
 * Where policy `Local` finds no endpoint, all are taken: pods of the node shall reach the Service, and what comes from outside
 * does not get an answer either way (`syncEndpoint`, https://github.com/kubernetes/kubernetes/pull/97081).
 */
function serversOf({ endpoints }: ServicePort, isLocal: boolean): readonly Endpoint[] {
  return isLocal && endpoints.local.length > 0 ? endpoints.local : endpoints.cluster;
}

function virtualService(
  { protocol, affinitySeconds }: ServicePort,
  address: string,
  port: number,
  servers: readonly Endpoint[],
): readonly string[] {
  const service = `${SERVICE_FLAG[protocol]} ${joinAddress(address, port)}`;
  const persistence = affinitySeconds === undefined ? '' : ` -p ${affinitySeconds}`;
  return [
    `-A ${service} -s rr${persistence}`,
    ...servers.map(({ text }) => `-a ${service} -r ${text} -m -w 1`),
  ];
}
