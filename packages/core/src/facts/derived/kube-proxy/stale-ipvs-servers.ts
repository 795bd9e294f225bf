import type { IpvsServer, IpvsService } from '../../../parsers/ipvs/types.ts';
import { ipvsListProbe, ipvsSaveProbe } from '../../../probes/firewall.ts';
import { type FactDefinition, from, known, type Origin, unknown } from '../../fact.ts';
import { at, inObject, missingObjects, type Reader } from '../../reader.ts';
import type { ObjectList, StoredObject } from '../../snapshot/object-store.ts';
import { proxyMode, runsOtherMode } from './mode.ts';
import { addressesIn, serviceKey, servicesByAddress, slicesByService } from './service-index.ts';

/** A real server that IPVS keeps although its Service has no such endpoint any more. */
export interface StaleServer {
  /** `namespace/name` of the Service; undefined where no Service has the address. */
  readonly service?: string;
  readonly virtual: string;
  readonly server: string;
  readonly connections?: number;
}

interface Candidate extends StaleServer {
  readonly key: string;
  readonly origins: readonly Origin[];
}

/**
 * Real servers of weight 0 that no EndpointSlice of their Service lists. kube-proxy gives weight 0 to what it wants to
 * remove and waits for the connections to end; servers without connections are about to go, so they do not count.
 * With several listings only servers count that all of them show so.
 */
export const staleIpvsServers: FactDefinition<readonly StaleServer[]> = {
  id: 'kube-proxy.stale-ipvs-servers',
  title: 'IPVS servers of removed endpoints',
  level: 'node',
  format: (servers) => servers.map(describe).join('; ') || 'none',
  compute(read) {
    if (runsOtherMode(read, 'ipvs')) return known([], from(proxyMode));
    const slices = read.objects('endpointslices.discovery.k8s.io');
    if (slices?.complete !== true) return unknown(missingObjects('endpointslices.discovery.k8s.io'));
    const samples = listings(read);
    const [sample] = samples;
    if (sample === undefined) {
      return unknown({ fact: 'IPVS servers and their weights', command: 'ipvsadm -Ln', where: 'node' });
    }
    const stale = sample.services
      .flatMap((service) => staleServers(read, slices, service, sample.file))
      .filter((candidate) => samples.every((one) => isPinnedIn(one, candidate)));
    if (stale.length === 0 && !sample.complete) {
      return unknown({ fact: 'IPVS servers and their weights', command: 'ipvsadm -Ln', where: 'node' });
    }
    const origins = stale.length > 0 ? stale.flatMap((one) => one.origins) : [at(sample.file, {})];
    return known(
      stale.map(({ key, origins: _origins, ...server }) => server),
      ...origins,
    );
  },
};

interface Listing {
  readonly services: readonly IpvsService[];
  readonly file: string;
  readonly complete: boolean;
}

/** All samples of `ipvsadm -Ln`; without any, `ipvsadm -Sn`, which shows no connections. */
function listings(read: Reader): readonly Listing[] {
  const names = ['', ...read.members(ipvsListProbe)];
  const reads = names.map((name) => read.probe(ipvsListProbe, name));
  const found = reads.flatMap((one) =>
    one.state === 'read' ? [{ services: one.value.services, file: one.file, complete: one.complete }] : [],
  );
  if (found.length > 0) return found;
  const save = read.probe(ipvsSaveProbe);
  return save.state === 'read'
    ? [{ services: save.value.services, file: save.file, complete: save.complete }]
    : [];
}

function staleServers(read: Reader, slices: ObjectList, service: IpvsService, file: string): Candidate[] {
  const drained = service.servers.filter(
    ({ weight, ...server }) => weight === 0 && connections(server) !== 0,
  );
  if (drained.length === 0 || service.address === undefined) return [];
  const owner = ownerOf(read, service);
  // Other programs (keepalived, an LVS director) have virtual services of their own; no Service has their addresses.
  if (owner === undefined && read.objects('services')?.complete === true) return [];
  const own = owner === undefined ? slices.items : (slicesByService(slices).get(serviceKey(owner)) ?? []);
  // The controller keeps a slice even for a Service without endpoints, so none at all says that slices are lacking here.
  if (own.length === 0 && owner !== undefined) return [];
  const listed = addressesIn(own);
  return drained
    .filter(({ address }) => !listed.has(address))
    .map((server) => candidate(service, server, owner, own, file));
}

function candidate(
  service: IpvsService,
  server: IpvsServer,
  owner: StoredObject | undefined,
  slices: readonly StoredObject[],
  file: string,
): Candidate {
  const count = connections(server);
  return {
    ...(owner === undefined ? {} : { service: serviceKey(owner) }),
    virtual: `${service.protocol} ${service.address ?? ''}:${service.port ?? ''}`,
    server: `${server.address}:${server.port}`,
    ...(count === undefined ? {} : { connections: count }),
    key: keyOf(service, server),
    origins: [
      at(file, server),
      ...(owner === undefined ? [] : slices.slice(0, 2).map((stored) => inObject(stored, '/endpoints'))),
    ],
  };
}

function ownerOf(read: Reader, { address = '', port }: IpvsService): StoredObject | undefined {
  const services = read.objects('services');
  if (services === undefined) return undefined;
  const byAddress = servicesByAddress(services).get(address);
  if (byAddress !== undefined) return byAddress;
  return services.items.find(({ object }) => {
    const ports = (object.spec as { ports?: readonly { nodePort?: number }[] } | undefined)?.ports;
    return Array.isArray(ports) && ports.some(({ nodePort }: { nodePort?: number }) => nodePort === port);
  });
}

function isPinnedIn({ services }: Listing, { key }: Candidate): boolean {
  return services.some((service) =>
    service.servers.some(
      (server) => server.weight === 0 && connections(server) !== 0 && keyOf(service, server) === key,
    ),
  );
}

function keyOf({ protocol, address, port }: IpvsService, server: IpvsServer): string {
  return `${protocol} ${address} ${port} ${server.address} ${server.port}`;
}

function connections(
  server: Pick<IpvsServer, 'activeConnections' | 'inactiveConnections'>,
): number | undefined {
  const { activeConnections: active, inactiveConnections: inactive } = server;
  return active === undefined && inactive === undefined ? undefined : (active ?? 0) + (inactive ?? 0);
}

function describe({ service, virtual, server, connections: count }: StaleServer): string {
  const held = count === undefined ? '' : ` with ${count} connections`;
  return `${server} of ${service ?? virtual}${held}`;
}
