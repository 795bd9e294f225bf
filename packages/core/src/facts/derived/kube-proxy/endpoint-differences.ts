import { type FactDefinition, from, known, type Origin, unknown } from '../../fact.ts';
import { at, inObject, missingObjects, type Reader } from '../../reader.ts';
import type { StoredObject } from '../../snapshot/object-store.ts';
import { type IptablesDump, iptablesDumps } from '../iptables-dumps/index.ts';
import { secondsSinceChange } from './change-time.ts';
import { expectedEndpoints } from './expected-endpoints.ts';
import { proxyMode, runsOtherMode } from './mode.ts';
import { isConsistent, type ProgrammedPort, programmedPorts } from './programmed-endpoints.ts';
import {
  clusterIPsOf,
  serviceKey,
  serviceSpec,
  servicesByAddress,
  slicesByService,
  wholeLists,
} from './service-index.ts';
import { isWholeTable } from './whole-dump.ts';

/** A Service port whose endpoints in the rules of a node are not those of the API. */
export interface EndpointDifference {
  /** `namespace/name:port`. */
  readonly service: string;
  /** Ready endpoints without a rule. */
  readonly missing: readonly string[];
  /** Endpoints in the rules that no EndpointSlice lists any more. */
  readonly stale: readonly string[];
}

/**
 * A change reaches the rules of a healthy node within seconds, at the latest with the next full pass (30 s unless
 * set otherwise). Objects and rules are collected one after the other, so younger changes prove nothing.
 */
const SETTLED_SECONDS = 90;

/** Service ports whose endpoints in the node's iptables rules differ from the EndpointSlices. */
export const endpointDifferences: FactDefinition<readonly EndpointDifference[]> = {
  id: 'kube-proxy.endpoint-differences',
  title: 'endpoints in the rules of the node that differ from the API',
  level: 'node',
  format: (differences) => differences.map(describe).join('; ') || 'none',
  compute(read) {
    if (runsOtherMode(read, 'iptables')) return known([], from(proxyMode));
    const lists = wholeLists(read);
    if (lists === undefined) {
      return unknown(missingObjects('services'), missingObjects('endpointslices.discovery.k8s.io'));
    }
    const dumps = serviceDumps(read);
    if (dumps.length === 0) {
      return unknown({ fact: 'Service rules of the node', command: 'iptables-save -t nat', where: 'node' });
    }
    const services = servicesByAddress(lists.services);
    const slices = slicesByService(lists.slices);
    const found: { difference: EndpointDifference; origins: readonly Origin[] }[] = [];
    for (const { dump, ports } of dumps) {
      for (const port of ports) {
        const service = services.get(port.address);
        if (service === undefined || !isComparable(service, port)) continue;
        const own = slices.get(serviceKey(service)) ?? [];
        const difference = compare(service, own, port, dump.family);
        if (difference === undefined || !isSettled(read, own)) continue;
        const origins = [
          at(dump.file, { line: port.chain.line }),
          ...own.slice(0, 2).map((one) => inObject(one, '/endpoints')),
        ];
        found.push({ difference, origins });
      }
    }
    const origins =
      found.length > 0
        ? found.flatMap((one) => one.origins).slice(0, 9)
        : [...dumps.map(({ dump }) => at(dump.file, {})), ...lists.slices.files.map((file) => ({ file }))];
    return known(
      found.map(({ difference }) => difference),
      ...origins,
    );
  },
};

interface ServiceDump {
  readonly dump: IptablesDump;
  readonly ports: readonly ProgrammedPort[];
}

/** Whole dumps with Service rules; of a family that has them in both back ends none, as either may be left over. */
function serviceDumps(read: Reader): readonly ServiceDump[] {
  const dumps = read.fact(iptablesDumps);
  const all = (dumps.state === 'known' ? dumps.value : []).flatMap((dump) => {
    const nat = dump.save.tables.get('nat');
    const ports = nat === undefined ? [] : programmedPorts(nat);
    return nat !== undefined && ports.length > 0 ? [{ dump, ports, nat }] : [];
  });
  return all.filter(
    ({ dump, nat }) =>
      (dump.complete || (isWholeTable(nat) && isConsistent(nat))) &&
      all.filter((other) => other.dump.family === dump.family).length === 1,
  );
}

/** Services that this kube-proxy handles, for the same endpoints on every node. */
function isComparable(service: StoredObject, { address }: ProgrammedPort): boolean {
  const labels = (service.object.metadata.labels ?? {}) as Readonly<Record<string, unknown>>;
  if ('service.kubernetes.io/service-proxy-name' in labels || 'service.kubernetes.io/headless' in labels)
    return false;
  const { type, internalTrafficPolicy, topologyKeys } = serviceSpec(service);
  if (type === 'ExternalName' || internalTrafficPolicy === 'Local' || topologyKeys !== undefined)
    return false;
  return clusterIPsOf(service).includes(address);
}

function compare(
  service: StoredObject,
  slices: readonly StoredObject[],
  programmed: ProgrammedPort,
  family: 4 | 6,
): EndpointDifference | undefined {
  const ports = serviceSpec(service).ports;
  const port = (Array.isArray(ports) ? ports : []).find(
    (one) => one.port === programmed.port && (one.protocol ?? 'TCP') === programmed.protocol,
  );
  const expected = port === undefined ? undefined : expectedEndpoints(slices, port, family);
  // The controller keeps a slice even for a Service without endpoints, so none at all says that slices are lacking here.
  if (port === undefined || expected === undefined || expected.slices.length === 0) return undefined;
  const missing = [...expected.ready]
    .filter((target) => !programmed.targets.has(target.toLowerCase()))
    .sort();
  const stale = [...programmed.targets].filter((target) => !expected.listed.has(target)).sort();
  if (missing.length === 0 && stale.length === 0) return undefined;
  return { service: `${serviceKey(service)}:${port.name ?? programmed.port}`, missing, stale };
}

function isSettled(read: Reader, slices: readonly StoredObject[]): boolean {
  const seconds = secondsSinceChange(read, slices);
  return seconds === undefined || seconds >= SETTLED_SECONDS;
}

function describe({ service, missing, stale }: EndpointDifference): string {
  const parts = [
    ...(missing.length > 0 ? [`without ${missing.slice(0, 3).join(', ')}`] : []),
    ...(stale.length > 0 ? [`still with ${stale.slice(0, 3).join(', ')}`] : []),
  ];
  return `${service} ${parts.join(' and ')}`;
}
