import { objectName, type StoredObject } from '../../facts/snapshot/object-store.ts';
import type { NodeEvidence, Snapshot } from '../../facts/snapshot/snapshot.ts';
import { formatAddress, type IpAddress, parseAddress } from '../../net/address.ts';
import type { UnsurePoint } from '../choices/choices.ts';
import { stationDamageOf } from '../convert/damage.ts';
import { Namespace } from './namespace.ts';

/** One node: the host's namespace, and those of pods that were collected. */
export interface NetworkNode {
  readonly name: string;
  readonly host: Namespace;
  readonly namespaces: ReadonlyMap<string, Namespace>;
}

/** A pod as its object shows it. */
export interface PodRecord {
  readonly namespace: string;
  readonly name: string;
  readonly node: string | undefined;
  readonly addresses: readonly IpAddress[];
  readonly isHostNetwork: boolean;
  readonly isOver: boolean;
}

/** Everything a packet can meet: all nodes of a snapshot, and the names that Kubernetes gives. */
export class Network {
  readonly nodes: ReadonlyMap<string, NetworkNode>;
  readonly #snapshot: Snapshot;
  readonly #byName = new Map<string, ReadonlyMap<string, StoredObject>>();
  #podsByAddress: ReadonlyMap<string, readonly PodRecord[]> | undefined;
  #inDoubt: Namespace | undefined | null = null;
  #stationDamage: readonly UnsurePoint[] | undefined;
  #named: ReadonlyMap<string, readonly Namespace[]> | undefined;
  #owners: ReadonlyMap<string, readonly Namespace[]> | undefined;

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
    this.nodes = new Map(snapshot.nodes.map((node) => [node.name, networkNode(node)]));
  }

  /** All namespaces of all nodes, each node's own first. */
  *namespaces(): Generator<Namespace> {
    for (const { host, namespaces } of this.nodes.values()) {
      yield host;
      yield* namespaces.values();
    }
  }

  /** Namespaces of pods by their name, which those of several nodes may share. */
  namespacesNamed(name: string): readonly Namespace[] {
    this.#named ??= Map.groupBy(
      [...this.nodes.values()].flatMap(({ namespaces }) => [...namespaces.values()]),
      ({ name: own }) => own,
    );
    return this.#named.get(name) ?? [];
  }

  /** Namespaces that carry an address on an interface, other than addresses that every node has. */
  ownersOf(address: IpAddress): readonly Namespace[] {
    this.#owners ??= this.#indexOwners();
    return this.#owners.get(formatAddress(address)) ?? [];
  }

  /** A namespace whose addresses are not all known, so that nobody can say whose an address is; undefined where there is none. */
  get namespaceInDoubt(): Namespace | undefined {
    if (this.#inDoubt === null) {
      this.#inDoubt = [...this.namespaces()].find(
        ({ interfaces }) => interfaces?.hasAddresses !== true || !interfaces.isComplete,
      );
    }
    return this.#inDoubt;
  }

  /** Evidence of any namespace that is cut or damaged, so that interfaces may be missing that a packet could reach. */
  get stationDamage(): readonly UnsurePoint[] {
    this.#stationDamage ??= [...this.namespaces()].flatMap(({ evidence }) => stationDamageOf(evidence));
    return this.#stationDamage;
  }

  #indexOwners(): ReadonlyMap<string, readonly Namespace[]> {
    const owners = new Map<string, Namespace[]>();
    for (const namespace of this.namespaces()) {
      for (const { addresses, link } of namespace.interfaces?.all.values() ?? []) {
        for (const { address, scope } of addresses) {
          // Addresses of services stand on this device of every node.
          if (scope === 'host' || link.name === 'kube-ipvs0') continue;
          const key = formatAddress(address);
          const known = owners.get(key);
          if (known === undefined) owners.set(key, [namespace]);
          else if (!known.includes(namespace)) known.push(namespace);
        }
      }
    }
    return owners;
  }

  /** Objects of a resource; undefined where they were not collected. */
  objects(resource: string): readonly StoredObject[] | undefined {
    return this.#snapshot.objects.get(resource)?.items;
  }

  object(resource: string, namespace: string | undefined, name: string): StoredObject | undefined {
    let byName = this.#byName.get(resource);
    if (byName === undefined) {
      byName = new Map((this.objects(resource) ?? []).map((stored) => [objectName(stored.object), stored]));
      this.#byName.set(resource, byName);
    }
    return byName.get(namespace === undefined ? name : `${namespace}/${name}`);
  }

  pod(namespace: string, name: string): PodRecord | undefined {
    const stored = this.object('pods', namespace, name);
    return stored === undefined ? undefined : podRecord(stored);
  }

  /** The running pod that has an address of its own; undefined where several have it. */
  podWith(address: IpAddress): PodRecord | undefined {
    const [pod, ...others] = this.podsWith(address);
    return others.length === 0 ? pod : undefined;
  }

  /** All running pods that have an address: more than one where it was given out twice. */
  podsWith(address: IpAddress): readonly PodRecord[] {
    this.#podsByAddress ??= this.#indexPods();
    return this.#podsByAddress.get(formatAddress(address)) ?? [];
  }

  #indexPods(): ReadonlyMap<string, readonly PodRecord[]> {
    const byAddress = new Map<string, PodRecord[]>();
    for (const pod of (this.objects('pods') ?? []).map(podRecord)) {
      if (pod.isHostNetwork || pod.isOver) continue;
      for (const address of pod.addresses) {
        const key = formatAddress(address);
        const known = byAddress.get(key);
        if (known === undefined) byAddress.set(key, [pod]);
        else known.push(pod);
      }
    }
    return byAddress;
  }
}

function networkNode(node: NodeEvidence): NetworkNode {
  const namespaces = new Map([...node.namespaces.keys()].map((name) => [name, new Namespace(node, name)]));
  return { name: node.name, host: new Namespace(node, ''), namespaces };
}

interface PodFields {
  readonly spec?: { readonly nodeName?: unknown; readonly hostNetwork?: unknown };
  readonly status?: {
    readonly podIP?: unknown;
    readonly phase?: unknown;
    readonly podIPs?: readonly { readonly ip?: unknown }[];
  };
}

function podRecord({ object }: StoredObject): PodRecord {
  const { spec, status } = object as PodFields;
  const listed = Array.isArray(status?.podIPs) ? status.podIPs.map(({ ip }) => ip) : [];
  const texts = listed.length > 0 ? listed : [status?.podIP];
  return {
    namespace: object.metadata.namespace ?? '',
    name: object.metadata.name,
    node: typeof spec?.nodeName === 'string' ? spec.nodeName : undefined,
    addresses: texts.flatMap((text) => (typeof text === 'string' ? (parseAddress(text) ?? []) : [])),
    isHostNetwork: spec?.hostNetwork === true,
    isOver: status?.phase === 'Succeeded' || status?.phase === 'Failed',
  };
}
