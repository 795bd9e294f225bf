import type { Network, PodRecord } from '../../datapath/model/network.ts';
import { isSettled, resolveTarget } from '../../datapath/resolve.ts';
import type { KubeObject } from '../../facts/snapshot/object-store.ts';
import { type Family, formatAddress, type IpAddress } from '../../net/address.ts';

/** A pod, a node or a service that is asked about, with one of its addresses. */
export interface Member {
  readonly kind: 'pod' | 'node' | 'service';
  /** `default/web`, or the name of the node. */
  readonly name: string;
  /** The node it is on. */
  readonly node: string;
  readonly address: IpAddress;
  /** As `from` of a question. */
  readonly from: string;
  /** As `to` of a question, with the port that is asked for. */
  readonly to: string;
  /** The port in `to`. */
  readonly port: number;
}

/** What every node listens on. */
const KUBELET_PORT = 10_250;
/** For pods that declare no port: without one, nobody could say what rules that ask for ports do. */
const USUAL_PORT = 80;

/**
 * All pods with addresses of their own, and all nodes with evidence or an object. A pod is asked for at the first TCP port that it
 * declares, or 80, a node at that of its kubelet.
 */
export function listMembers(network: Network, family: Family): readonly Member[] {
  return [...nodeMembers(network, family), ...podMembers(network, family)];
}

function nodeMembers(network: Network, family: Family): readonly Member[] {
  const named = (network.objects('nodes') ?? []).map(({ object }) => object.metadata.name);
  return [...new Set([...network.nodes.keys(), ...named])].sort().flatMap((name): readonly Member[] => {
    const target = resolveTarget(network, { kind: 'node', name }, family);
    if (!isSettled(target)) return [];
    const { address } = target;
    const to = placeOf(address, KUBELET_PORT);
    return [{ kind: 'node', name, node: name, address, from: `node/${name}`, to, port: KUBELET_PORT }];
  });
}

function podMembers(network: Network, family: Family): readonly Member[] {
  const members: Member[] = [];
  for (const { object } of network.objects('pods') ?? []) {
    const pod = network.pod(object.metadata.namespace ?? '', object.metadata.name);
    const member = pod === undefined ? undefined : podMember(pod, object, family);
    if (member !== undefined) members.push(member);
  }
  return members;
}

function podMember(pod: PodRecord, object: KubeObject, family: Family): Member | undefined {
  const address = pod.addresses.find((own) => own.family === family);
  if (address === undefined || pod.node === undefined || pod.isHostNetwork || pod.isOver) return undefined;
  const name = `${pod.namespace}/${pod.name}`;
  const port = firstPort(object);
  return {
    kind: 'pod',
    name,
    node: pod.node,
    address,
    from: `pod/${name}`,
    to: placeOf(address, port),
    port,
  };
}

function placeOf(address: IpAddress, port: number): string {
  const text = formatAddress(address);
  return address.family === 6 ? `[${text}]:${port}` : `${text}:${port}`;
}

interface PodFields {
  readonly spec?: {
    readonly containers?: readonly {
      readonly ports?: readonly { readonly containerPort?: unknown; readonly protocol?: unknown }[];
    }[];
  };
}

function firstPort(object: KubeObject): number {
  const { spec } = object as PodFields;
  for (const container of Array.isArray(spec?.containers) ? spec.containers : []) {
    for (const { containerPort, protocol = 'TCP' } of Array.isArray(container?.ports)
      ? container.ports
      : []) {
      if (protocol === 'TCP' && typeof containerPort === 'number') return containerPort;
    }
  }
  return USUAL_PORT;
}
