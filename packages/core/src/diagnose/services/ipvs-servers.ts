import type { Namespace } from '../../datapath/model/namespace.ts';
import { formatAddress, parseAddress } from '../../net/address.ts';
import type { IpvsService } from '../../parsers/ipvs/index.ts';
import type { CalledService } from './called-service.ts';
import { type ServiceEndpoint, socket } from './endpoints.ts';

/** The virtual server of IPVS that a service should have; undefined where the node has none. */
export function virtualServer(namespace: Namespace, service: CalledService): IpvsService | undefined {
  return namespace.ipvs?.value.find(
    (one) =>
      one.protocol.toLowerCase() === service.protocol &&
      one.port === service.portNumber &&
      normal(one.address) === service.address,
  );
}

/** Endpoints that the virtual server does not send to. */
export function missingServers(
  virtual: IpvsService | undefined,
  usable: readonly ServiceEndpoint[],
): readonly ServiceEndpoint[] {
  const able = (virtual?.servers ?? []).filter(({ weight }) => weight !== 0);
  return usable.filter(
    (one) => !able.some(({ address, port }) => normal(address) === one.address && port === one.port),
  );
}

/** The options by which `ipvsadm` names the virtual server of a service: `-t 10.96.0.1:443`. */
export function virtualOption({ protocol, address, portNumber }: CalledService): string {
  const option = protocol === 'tcp' ? '-t' : protocol === 'udp' ? '-u' : '--sctp-service';
  return `${option} ${socket({ address, port: portNumber })}`;
}

/** Commands that give a virtual server endpoints. A server of weight 0 is there already and only rests. */
export function addServers(
  service: CalledService,
  virtual: IpvsService | undefined,
  wanted: readonly ServiceEndpoint[],
): readonly string[] {
  return wanted.map((one) => {
    const isResting = virtual?.servers.some(
      ({ address, port }) => normal(address) === one.address && port === one.port,
    );
    return `ipvsadm ${isResting === true ? '-e' : '-a'} ${virtualOption(service)} -r ${socket(one)} -m -w 1`;
  });
}

function normal(text: string | undefined): string | undefined {
  const address = parseAddress(text ?? '');
  return address === undefined ? undefined : formatAddress(address);
}
