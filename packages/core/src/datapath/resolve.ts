import type { KubeObject } from '../facts/snapshot/object-store.ts';
import { type Family, formatAddress, type IpAddress, parseAddress } from '../net/address.ts';
import { ipAddrProbe } from '../probes/network.ts';
import type { UnsurePoint } from './choices/choices.ts';
import type { Place } from './endpoint.ts';
import type { TraceErrorCode } from './model/answer.ts';
import type { Namespace } from './model/namespace.ts';
import type { Network, NetworkNode } from './model/network.ts';

/** Why a name leads nowhere. */
export interface Unresolved {
  readonly code: TraceErrorCode;
  readonly message: string;
}

export interface Target {
  readonly address: IpAddress;
  /** Of a service with one port. */
  readonly port?: number;
}

export interface Source {
  readonly namespace: Namespace;
  /** The interface it comes in by, where it comes from outside. */
  readonly device?: string;
  /** Undefined where the sender may choose. */
  readonly address?: IpAddress;
  /** What was taken for granted to find it. */
  readonly assumption?: UnsurePoint;
}

/** Whether a name was found. */
export function isSettled<T extends object>(found: T | Unresolved): found is T {
  return !('code' in found);
}

const notFound = (message: string): Unresolved => ({ code: 'not-found', message });

/** The address that a target stands for; of the wanted family where it has several. */
export function resolveTarget(
  network: Network,
  place: Place,
  wanted: Family | undefined,
): Target | Unresolved {
  switch (place.kind) {
    case 'address':
      return { address: place.address };
    case 'node':
      return pick(nodeAddresses(network, place.name), wanted, `node ${place.name}`);
    case 'pod': {
      const found = pick(
        podAddresses(network, place.namespace, place.name),
        wanted,
        `pod ${place.namespace}/${place.name}`,
      );
      return found;
    }
    case 'netns': {
      const namespace = network.nodes.get(place.node)?.namespaces.get(place.name);
      return pick(
        namespace === undefined ? [] : ownAddresses(namespace),
        wanted,
        `network namespace ${place.node}/${place.name}`,
      );
    }
    case 'service':
      return resolveService(network, place, wanted);
  }
}

function pick(
  addresses: readonly IpAddress[],
  wanted: Family | undefined,
  what: string,
): Target | Unresolved {
  const address = addresses.find(({ family }) => wanted === undefined || family === wanted);
  if (address !== undefined) return { address };
  return notFound(`no ${wanted === undefined ? '' : `IPv${wanted} `}address of ${what} is known`);
}

interface ServiceFields {
  readonly spec?: {
    readonly clusterIP?: unknown;
    readonly clusterIPs?: readonly unknown[];
    readonly ports?: readonly { readonly port?: unknown }[];
  };
}

function resolveService(
  network: Network,
  place: Extract<Place, { kind: 'pod' | 'service' }>,
  wanted: Family | undefined,
): Target | Unresolved {
  const stored = network.object('services', place.namespace, place.name);
  if (stored === undefined) return notFound(`service ${place.namespace}/${place.name} is not in the source`);
  const { spec } = stored.object as KubeObject & ServiceFields;
  const texts = Array.isArray(spec?.clusterIPs) ? spec.clusterIPs : [spec?.clusterIP];
  const addresses = texts.flatMap((text) => (typeof text === 'string' ? (parseAddress(text) ?? []) : []));
  const found = pick(addresses, wanted, `service ${place.namespace}/${place.name}`);
  const [only, ...others] = Array.isArray(spec?.ports) ? spec.ports : [];
  const port = others.length === 0 && typeof only?.port === 'number' ? only.port : undefined;
  return port === undefined || !isSettled(found) ? found : { ...found, port };
}

interface NodeFields {
  readonly status?: {
    readonly addresses?: readonly { readonly type?: unknown; readonly address?: unknown }[];
  };
}

function nodeAddresses(network: Network, name: string): readonly IpAddress[] {
  const { status } = (network.object('nodes', undefined, name)?.object ?? {}) as NodeFields;
  const listed = (Array.isArray(status?.addresses) ? status.addresses : [])
    .filter(({ type }) => type === 'InternalIP')
    .flatMap(({ address }) => (typeof address === 'string' ? (parseAddress(address) ?? []) : []));
  if (listed.length > 0) return listed;
  const node = network.nodes.get(name);
  return node === undefined ? [] : hostAddresses(node);
}

/** Where the Node object does not say: the addresses of the interface that the default route leaves by come first. */
function hostAddresses({ host }: NetworkNode): readonly IpAddress[] {
  const zero: IpAddress = { family: 4, bits: 1n };
  const route = host.route({ destination: zero, mark: 0, inInterface: 'lo' });
  const first = 'entry' in route ? host.interface(route.device) : undefined;
  const all = ownAddresses(host);
  const preferred = new Set((first?.addresses ?? []).map(({ address }) => formatAddress(address)));
  return [...all].sort(
    (left, right) => Number(preferred.has(formatAddress(right))) - Number(preferred.has(formatAddress(left))),
  );
}

function ownAddresses(namespace: Namespace): readonly IpAddress[] {
  return [...(namespace.interfaces?.all.values() ?? [])].flatMap(({ link, addresses }) =>
    link.kind === 'dummy'
      ? []
      : addresses.filter(({ scope }) => scope !== 'host' && scope !== 'link').map(({ address }) => address),
  );
}

function podAddresses(network: Network, namespace: string, name: string): readonly IpAddress[] {
  const listed = network.pod(namespace, name)?.addresses ?? [];
  if (listed.length > 0) return listed;
  const [found] = network.namespacesNamed(`${namespace}_${name}`);
  return found === undefined ? [] : ownAddresses(found);
}

/** Where a packet starts. `arrival` is the interface asked for with `in`. */
export function resolveSource(
  network: Network,
  place: Place,
  destination: IpAddress,
  arrival: string | undefined,
): Source | Unresolved {
  if (arrival !== undefined) return resolveArrival(network, place, arrival, destination);
  switch (place.kind) {
    case 'node': {
      const node = network.nodes.get(place.name);
      return node === undefined
        ? notFound(`there is no evidence of node ${place.name}`)
        : { namespace: node.host };
    }
    case 'netns': {
      const namespace = network.nodes.get(place.node)?.namespaces.get(place.name);
      return namespace === undefined
        ? notFound(`network namespace ${place.name} of node ${place.node} was not collected`)
        : { namespace };
    }
    case 'pod':
      return resolvePod(network, place.namespace, place.name, destination.family);
    case 'address':
      return resolveAddress(network, place.address, destination);
    default:
      return { code: 'bad-question', message: 'a service does not send packets' };
  }
}

function resolvePod(network: Network, namespace: string, name: string, family: Family): Source | Unresolved {
  const collected = network.namespacesNamed(`${namespace}_${name}`);
  const [first] = collected;
  if (first !== undefined && collected.length === 1) return { namespace: first };
  const pod = network.pod(namespace, name);
  if (pod === undefined) return notFound(`pod ${namespace}/${name} is not in the source`);
  const node = pod.node === undefined ? undefined : network.nodes.get(pod.node);
  if (node === undefined) return notFound(`there is no evidence of node ${pod.node ?? 'of the pod'}`);
  if (pod.isHostNetwork) return { namespace: node.host };
  const address = pod.addresses.find((own) => own.family === family);
  if (address === undefined) return notFound(`no IPv${family} address of pod ${namespace}/${name} is known`);
  return fromOutside(node.host, address);
}

function resolveAddress(network: Network, address: IpAddress, destination: IpAddress): Source | Unresolved {
  if (isLoopback(address)) {
    const [node, ...others] = network.nodes.values();
    if (node !== undefined && others.length === 0) return { namespace: node.host, address };
    return { code: 'ambiguous', message: 'a loopback address is on every node' };
  }
  const owners = network.ownersOf(address);
  const [owner] = owners;
  if (owners.length > 1) {
    const names = owners.map(({ node, name }) => (name === '' ? node : `${node}/${name}`));
    return {
      code: 'ambiguous',
      message: `${formatAddress(address)} is on ${names.join(' and ')}; name one of them`,
    };
  }
  if (owner !== undefined) return { namespace: owner, address };
  const local = [...network.nodes.values()].find(({ host }) => host.hasAddress(address) === true);
  if (local !== undefined) return { namespace: local.host, address };
  const pods = network.podsWith(address);
  if (pods.length > 1) {
    const names = pods.map(({ namespace, name }) => `${namespace}/${name}`);
    return {
      code: 'ambiguous',
      message: `pods ${names.join(' and ')} have ${formatAddress(address)}; name one of them`,
    };
  }
  const [pod] = pods;
  const podNode = pod?.node === undefined ? undefined : network.nodes.get(pod.node);
  if (podNode !== undefined) return fromOutside(podNode.host, address);
  const entry = entryNode(network, address, destination);
  const doubtful = network.namespaceInDoubt;
  if (!isSettled(entry) || doubtful === undefined) return entry;
  const text = `${formatAddress(address)} is taken to come from outside, but not all addresses of ${placeOf(doubtful)} are known`;
  return { ...entry, assumption: { file: doubtful.evidence.pathOf(ipAddrProbe), text, isMissing: true } };
}

function placeOf({ node, name }: Namespace): string {
  return name === '' ? `node ${node}` : `namespace ${name} of node ${node}`;
}

function isLoopback({ family, bits }: IpAddress): boolean {
  return family === 4 ? bits >> 24n === 127n : bits === 1n;
}

/** A packet from elsewhere comes in at the node that has the destination, or at the only node there is. */
function entryNode(network: Network, address: IpAddress, destination: IpAddress): Source | Unresolved {
  const all = [...network.nodes.values()];
  const [only] = all;
  if (only !== undefined && all.length === 1) return fromOutside(only.host, address);
  const owner = network.ownersOf(destination).find(({ name }) => name === '');
  if (owner !== undefined) return fromOutside(owner, address);
  if (only === undefined) return notFound('the source has no evidence of any node');
  return {
    code: 'ambiguous',
    message: `${formatAddress(address)} is on no node; say where it comes in with in: NODE/INTERFACE`,
  };
}

/** Comes in by the interface that answers would leave by, as is usual. */
function fromOutside(namespace: Namespace, address: IpAddress): Source {
  const result = namespace.route({ destination: address, mark: 0, inInterface: 'lo' });
  if (result.kind === 'unicast' && result.device !== '') return { namespace, device: result.device, address };
  const interfaces = [...(namespace.interfaces?.all.values() ?? [])];
  const found = interfaces.find(({ name, isUp, addresses }) => name !== 'lo' && isUp && addresses.length > 0);
  return { namespace, device: found?.name ?? 'eth0', address };
}

/** `in: eth0`, or `in: n1/eth0` where there are several nodes. */
function resolveArrival(
  network: Network,
  place: Place,
  arrival: string,
  destination: IpAddress,
): Source | Unresolved {
  if (place.kind !== 'address') {
    return { code: 'bad-question', message: 'with "in", from has to be an IP address' };
  }
  const slash = arrival.indexOf('/');
  const name = slash < 0 ? undefined : arrival.slice(0, slash);
  const device = arrival.slice(slash + 1);
  const owner = network.ownersOf(destination).find((namespace) => namespace.name === '')?.node;
  const all = [...network.nodes.values()].filter((node) => (name === undefined ? true : node.name === name));
  const node = all.length === 1 ? all[0] : all.find((candidate) => candidate.name === owner);
  if (node === undefined) {
    return all.length === 0
      ? notFound(`there is no evidence of node ${name ?? ''}`)
      : { code: 'ambiguous', message: `there are several nodes; write in: NODE/${device}` };
  }
  if (node.host.interfaces !== undefined && node.host.interface(device) === undefined) {
    return notFound(`node ${node.name} has no interface ${device}`);
  }
  return { namespace: node.host, device, address: place.address };
}
