import type { Namespace } from '../../../datapath/model/namespace.ts';
import type { Network } from '../../../datapath/model/network.ts';
import type { Evidence } from '../../../model/evidence.ts';
import type { IpAddress } from '../../../net/address.ts';

/** Where an address lives. */
export interface Home {
  readonly node: string;
  /** The namespace that carries it; undefined where only an object says where it is. */
  readonly namespace?: Namespace;
  readonly isPod: boolean;
  /** The pod or namespace as a text shows it, for example `pod default/web`. */
  readonly name: string;
  readonly evidence: readonly Evidence[];
}

/** Where an address lives, if it is one place alone: by what carries it, else by the Pod object that has it. */
export function homeOf(network: Network, address: IpAddress): Home | undefined {
  const owners = network.ownersOf(address);
  const [owner] = owners;
  if (owners.length > 1) return undefined;
  const pod = network.podWith(address);
  const podHome = pod === undefined ? undefined : `pod ${pod.namespace}/${pod.name}`;
  if (owner !== undefined) {
    const place = owner.interfaceWith(address)?.place;
    const own = owner.name === '' ? `node ${owner.node}` : (podHome ?? `namespace ${owner.name}`);
    return {
      node: owner.node,
      namespace: owner,
      isPod: owner.name !== '',
      name: own,
      evidence: place === undefined ? [] : [place],
    };
  }
  if (pod?.node === undefined || podHome === undefined) return undefined;
  const stored = network.object('pods', pod.namespace, pod.name);
  const evidence = stored === undefined ? [] : [{ file: stored.file, pointer: `${stored.pointer}/status` }];
  // The interface of a pod that is down has lost its IPv6 addresses, so its namespace is found by name.
  const namespace = network.nodes.get(pod.node)?.namespaces.get(`${pod.namespace}_${pod.name}`);
  return {
    node: pod.node,
    ...(namespace === undefined ? {} : { namespace }),
    isPod: true,
    name: podHome,
    evidence,
  };
}
