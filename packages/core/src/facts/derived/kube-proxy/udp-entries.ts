import type { ConntrackEntry } from '../../../parsers/conntrack/index.ts';
import { conntrackListProbe } from '../../../probes/firewall.ts';
import { type FactDefinition, known, unknown } from '../../fact.ts';
import { at, inObject, missingObjects, type Reader } from '../../reader.ts';
import type { ObjectList, StoredObject } from '../../snapshot/object-store.ts';
import { secondsSinceChange } from './change-time.ts';
import { addressesIn, serviceKey, serviceSpec, servicesByAddress, slicesByService } from './service-index.ts';

/**
 * What is wrong with a tracked UDP flow to a Service: it goes to a Pod that is no endpoint any more although there are
 * others (`removed`), or of a Service that has none left (`no-endpoints`), or nowhere, to the Service's own address
 * (`untranslated`).
 */
export type UdpFault = 'removed' | 'no-endpoints' | 'untranslated';

interface Found {
  readonly text: string;
  readonly entry: ConntrackEntry;
  readonly slices: readonly StoredObject[];
}

/** kube-proxy clears such flows with the sync that follows a change; younger changes prove nothing. */
const SETTLED_SECONDS = 90;
const LIMIT = 20;

/** Tracked UDP flows to Services with one kind of fault. */
export const udpFaults: FactDefinition<readonly string[]> = {
  id: 'kube-proxy.udp-faults',
  title: 'tracked UDP flows that go astray',
  parameter: 'removed, no-endpoints or untranslated',
  level: 'node',
  format: (flows) => flows.join('; ') || 'none',
  compute(read, parameter) {
    const services = read.objects('services');
    const slices = read.objects('endpointslices.discovery.k8s.io');
    if (services?.complete !== true || slices?.complete !== true)
      return unknown(missingObjects('services'), missingObjects('endpointslices.discovery.k8s.io'));
    const table = read.probe(conntrackListProbe);
    if (table.state === 'missing') return unknown({ ...table.missing, command: 'conntrack -L -p udp' });
    const found = table.value
      .flatMap((entry) => faultOf(read, services, slices, entry))
      .filter(({ fault }) => fault === parameter)
      .slice(0, LIMIT);
    if (found.length === 0 && !table.complete)
      return unknown({ fact: table.file, command: 'conntrack -L -p udp', where: 'node' });
    const origins = found
      .slice(0, 4)
      .flatMap(({ entry, slices: own }) => [
        at(table.file, entry),
        ...own.slice(0, 1).map((stored) => inObject(stored, '/endpoints')),
      ]);
    return known(
      found.map(({ text }) => text),
      ...(origins.length > 0 ? origins : [at(table.file, {})]),
    );
  },
};

function faultOf(
  read: Reader,
  services: ObjectList,
  slices: ObjectList,
  entry: ConntrackEntry,
): readonly (Found & { readonly fault: UdpFault })[] {
  const { protocol, original, reply, flags } = entry;
  if (protocol !== 'udp') return [];
  const service = servicesByAddress(services).get(original.destination);
  if (service === undefined || !hasUdpPort(service, original.destinationPort)) return [];
  const own = slicesByService(slices).get(serviceKey(service)) ?? [];
  // The controller keeps a slice even for a Service without endpoints, so none at all says that slices are lacking here.
  if (own.length === 0) return [];
  const listed = addressesIn(own);
  const unreplied = flags.includes('UNREPLIED');
  const fault: UdpFault | undefined =
    reply.source === original.destination
      ? unreplied && listed.size > 0
        ? 'untranslated'
        : undefined
      : listed.has(reply.source)
        ? undefined
        : listed.size > 0
          ? 'removed'
          : unreplied
            ? 'no-endpoints'
            : undefined;
  if (fault === undefined || !isSettled(read, own)) return [];
  const text = `${original.source}:${original.sourcePort ?? ''} to ${serviceKey(service)} goes to ${reply.source}`;
  return [{ fault, text, entry, slices: own }];
}

function hasUdpPort(service: StoredObject, port: number | undefined): boolean {
  const { ports } = serviceSpec(service);
  return Array.isArray(ports) && ports.some((one) => one.protocol === 'UDP' && one.port === port);
}

function isSettled(read: Reader, slices: readonly StoredObject[]): boolean {
  const seconds = secondsSinceChange(read, slices);
  return seconds === undefined || seconds >= SETTLED_SECONDS;
}
