import type { Probe } from '../probes/probe.ts';
import type { ReadKey } from './decision-memo.ts';
import type { Fact, FactDefinition } from './fact.ts';
import type { ContainerLog, NamespaceReader, ProbeRead, Reader } from './reader.ts';
import type { ObjectList, StoredObject } from './snapshot/object-store.ts';
import { ProbeSet } from './snapshot/probe-set.ts';
import type { ClusterSubject, NodeSubject, ObjectSubject } from './subjects.ts';

/** Told of every read about a node. */
export type RecordRead = (key: ReadKey) => void;

/** Stands for a node of which nothing was collected. */
export const NO_PROBES = new ProbeSet();

/** The reader of one subject: its own object, its node where it has one, and the cluster around them. */
export class SubjectReader implements Reader {
  readonly takenAt: string;
  readonly hypothetical: boolean;
  readonly #cluster: ClusterSubject;
  readonly #node: NodeSubject | undefined;
  readonly #object: ObjectSubject | undefined;
  readonly #record: RecordRead;

  constructor(
    cluster: ClusterSubject,
    node: NodeSubject | undefined,
    object: ObjectSubject | undefined,
    record: RecordRead,
  ) {
    this.#cluster = cluster;
    this.#node = node;
    this.#object = object;
    this.#record = record;
    this.takenAt = cluster.takenAt;
    this.hypothetical = cluster.given !== undefined;
  }

  probe<T>(probe: Probe<T>, member = ''): ProbeRead<T> {
    this.#record({ kind: 'probe', name: probe, detail: member });
    return (this.#node?.host() ?? NO_PROBES).read(probe, member);
  }

  members(probe: Probe): readonly string[] {
    this.#record({ kind: 'members', name: probe, detail: '' });
    return (this.#node?.host() ?? NO_PROBES).members(probe);
  }

  fact<T>(definition: FactDefinition<T>, parameter = ''): Fact<T> {
    if (definition.level === 'cluster') return this.#cluster.fact(definition, parameter) as Fact<T>;
    if (definition.level === 'object' && this.#object !== undefined) {
      return this.#object.fact(definition, parameter) as Fact<T>;
    }
    if (this.#node === undefined) {
      throw new Error(
        `fact ${definition.id} is about a node and was read where there is none: use some-node`,
      );
    }
    const slot = this.#cluster.slot(definition, parameter);
    this.#record({ kind: 'fact', name: slot, detail: '' });
    return this.#node.factIn(slot) as Fact<T>;
  }

  namespaces(): readonly NamespaceReader[] {
    this.#record({ kind: 'namespaces', name: undefined, detail: '' });
    return [...(this.#node?.evidence?.namespaces ?? [])].map(([name, set]) => namespaceReader(name, set));
  }

  nodeName(): string | undefined {
    this.#record({ kind: 'node-name', name: undefined, detail: '' });
    return this.#node?.name;
  }

  nodeDirectory(): string {
    this.#record({ kind: 'node-name', name: undefined, detail: '' });
    return this.#node?.directory ?? '';
  }

  nodeObject(): StoredObject | undefined {
    this.#record({ kind: 'node-object', name: undefined, detail: '' });
    return this.#node?.object;
  }

  podsOnNode(): ObjectList | undefined {
    this.#record({ kind: 'pods-on-node', name: undefined, detail: '' });
    // Where no node is known by name, all pods stand for the one unnamed node.
    const name = this.#node?.name;
    return name === undefined ? this.objects('pods') : this.#cluster.podsOn(name);
  }

  objects(resource: string): ObjectList | undefined {
    return this.#cluster.snapshot.objects.get(resource);
  }

  object(): StoredObject | undefined {
    return this.#object?.stored;
  }

  podNamespace(): NamespaceReader | undefined {
    if (this.#object === undefined) return undefined;
    const { namespace = '', name } = this.#object.stored.object.metadata;
    const directory = `${namespace}_${name}`;
    const set = this.#node?.evidence?.namespaces.get(directory);
    return set === undefined ? undefined : namespaceReader(directory, set);
  }

  logs(): readonly ContainerLog[] {
    return this.#cluster.snapshot.logs;
  }

  nodes(): readonly Reader[] {
    return this.#cluster.nodes.map((node) => node.reader());
  }
}

function namespaceReader(name: string, set: ProbeSet): NamespaceReader {
  return {
    name,
    probe: (probe, member = '') => set.read(probe, member),
    members: (probe) => set.members(probe),
  };
}
