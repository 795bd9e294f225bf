import type { Subject } from '../model/subject.ts';
import type { Probe } from '../probes/probe.ts';
import { DecisionMemo, type ReadKey } from './decision-memo.ts';
import type { AnyFactDefinition, Fact, FactDefinition } from './fact.ts';
import type { ContainerLog, NamespaceReader, ProbeRead, Reader } from './reader.ts';
import { type ObjectList, objectName, type StoredObject } from './snapshot/object-store.ts';
import { ProbeSet } from './snapshot/probe-set.ts';
import type { NodeEvidence, Snapshot } from './snapshot/snapshot.ts';
import { structuralKey } from './structural-key.ts';

export type Record = (key: ReadKey) => void;
const ignore: Record = () => undefined;

/** Facts typed by a user, by {@link givenKey}. */
export type GivenFacts = ReadonlyMap<string, Fact<unknown>>;

/** `kernel`, or with a parameter `component.present:calico`. */
export function givenKey(id: string, parameter: string): string {
  return parameter === '' ? id : `${id}:${parameter}`;
}

export interface ClusterOptions {
  /** Time for facts that depend on the date, when the snapshot names none. */
  readonly now: string;
  readonly given?: GivenFacts;
}

/** A fact with its parameter: the place it has in every node, and what nodes with equal evidence share. */
interface FactSlot {
  readonly definition: AnyFactDefinition;
  readonly parameter: string;
  readonly index: number;
  readonly memo: DecisionMemo<NodeSubject, Fact<unknown>>;
}

/** One cluster's evidence, ready to be asked. Holds the memo of every fact over all nodes. */
export class ClusterSubject {
  readonly snapshot: Snapshot;
  readonly takenAt: string;
  readonly given: GivenFacts | undefined;
  readonly subject: Subject;
  /** One per node; where no node is known at all, one stand-in that has only the cluster's evidence. */
  readonly nodes: readonly NodeSubject[];
  readonly #slots = new Map<AnyFactDefinition, Map<string, FactSlot>>();
  #slotCount = 0;
  readonly #facts = new Map<AnyFactDefinition, Map<string, Fact<unknown>>>();
  #podsByNode: Map<string, StoredObject[]> | undefined;

  constructor(snapshot: Snapshot, options: ClusterOptions) {
    this.snapshot = snapshot;
    this.takenAt = snapshot.takenAt ?? options.now;
    this.given = options.given;
    this.subject = { kind: 'cluster', name: snapshot.cluster ?? 'cluster' };
    this.nodes = this.#makeNodes();
  }

  #makeNodes(): readonly NodeSubject[] {
    const evidence = new Map(this.snapshot.nodes.map((node) => [node.name, node]));
    const objects = new Map<string, StoredObject>();
    for (const item of this.snapshot.objects.get('nodes')?.items ?? [])
      objects.set(item.object.metadata.name, item);
    const names = [...new Set([...evidence.keys(), ...objects.keys()])].sort();
    if (names.length === 0) return [new NodeSubject(this, undefined, undefined, undefined)];
    return names.map((name) => new NodeSubject(this, name, evidence.get(name), objects.get(name)));
  }

  reader(record: Record = ignore): Reader {
    return new SubjectReader(this, undefined, undefined, record);
  }

  /** A fact of the cluster as a whole. */
  fact(definition: AnyFactDefinition, parameter: string): Fact<unknown> {
    return cached(this.#facts, definition, parameter, () => {
      const given = this.given?.get(givenKey(definition.id, parameter));
      return given ?? definition.compute(this.reader(), parameter);
    });
  }

  /** The place of a fact of nodes. */
  slot(definition: AnyFactDefinition, parameter: string): FactSlot {
    return cached(this.#slots, definition, parameter, () => ({
      definition,
      parameter,
      index: this.#slotCount++,
      memo: new DecisionMemo<NodeSubject, Fact<unknown>>(
        (subject, key) => subject.fingerprint(key),
        (subject, record) => definition.compute(subject.reader(record, 'exact'), parameter),
      ),
    }));
  }

  podsOn(node: string): ObjectList | undefined {
    const pods = this.snapshot.objects.get('pods');
    if (pods === undefined) return undefined;
    if (this.#podsByNode === undefined) {
      this.#podsByNode = new Map();
      for (const pod of pods.items) {
        const name = (pod.object.spec as { nodeName?: string } | undefined)?.nodeName;
        if (name === undefined) continue;
        const list = this.#podsByNode.get(name);
        if (list === undefined) this.#podsByNode.set(name, [pod]);
        else list.push(pod);
      }
    }
    return { ...pods, items: this.#podsByNode.get(node) ?? [] };
  }

  /** The node with this name, where it is known. */
  node(name: string): NodeSubject | undefined {
    return this.nodes.find((node) => node.name === name);
  }
}

/** One node: its own evidence, its Node object, and the cluster around it. */
export class NodeSubject {
  readonly cluster: ClusterSubject;
  readonly name: string | undefined;
  readonly evidence: NodeEvidence | undefined;
  readonly object: StoredObject | undefined;
  readonly subject: Subject;
  /** By slot. */
  readonly #facts: Fact<unknown>[] = [];
  readonly #fingerprints: unknown[] = [];

  constructor(
    cluster: ClusterSubject,
    name: string | undefined,
    evidence: NodeEvidence | undefined,
    object: StoredObject | undefined,
  ) {
    this.cluster = cluster;
    this.name = name;
    this.evidence = evidence;
    this.object = object;
    this.subject = name === undefined ? cluster.subject : { kind: 'node', name };
  }

  reader(record: Record = ignore, sharing: 'value' | 'exact' = 'value'): Reader {
    return new SubjectReader(this.cluster, this, undefined, record, sharing);
  }

  fact(definition: AnyFactDefinition, parameter: string): Fact<unknown> {
    return this.factIn(this.cluster.slot(definition, parameter));
  }

  factIn(slot: FactSlot): Fact<unknown> {
    const known = this.#facts[slot.index];
    if (known !== undefined) return known;
    const fact = this.cluster.given?.get(givenKey(slot.definition.id, slot.parameter)) ?? slot.memo.get(this);
    this.#facts[slot.index] = fact;
    return fact;
  }

  #fingerprintIn(slot: FactSlot): unknown {
    const known = this.#fingerprints[slot.index];
    if (known !== undefined) return known;
    const fingerprint = fingerprintOf(slot.definition, this.factIn(slot));
    this.#fingerprints[slot.index] = fingerprint;
    return fingerprint;
  }

  /** What this node has for a recorded read; equal values mean that the same result holds. */
  fingerprint(key: ReadKey): unknown {
    switch (key.kind) {
      case 'probe':
        return this.host().read(key.name as Probe, key.detail);
      case 'members':
        return this.host()
          .members(key.name as Probe)
          .join(' ');
      case 'namespaces':
        return (this.evidence?.namespaces.size ?? 0) === 0 ? 'none' : this;
      case 'fact':
        return this.#fingerprintIn(key.name as FactSlot);
      case 'exact-fact':
        return this.factIn(key.name as FactSlot);
      default:
        return this;
    }
  }

  /** Where evidence of this node stands in the snapshot. */
  get directory(): string {
    return this.evidence?.directory ?? `nodes/${this.name ?? ''}/`;
  }

  host(): ProbeSet {
    return this.evidence?.host ?? NO_PROBES;
  }
}

const NO_PROBES = new ProbeSet();

/** An object a finding can be about: a Service, a Pod, a Namespace … */
export class ObjectSubject {
  readonly cluster: ClusterSubject;
  readonly stored: StoredObject;
  readonly subject: Subject;
  readonly node: NodeSubject | undefined;
  readonly #facts = new Map<AnyFactDefinition, Map<string, Fact<unknown>>>();

  constructor(cluster: ClusterSubject, stored: StoredObject, kind: 'pod' | 'service' | 'object') {
    this.cluster = cluster;
    this.stored = stored;
    this.subject = objectSubject(stored, kind);
    const nodeName = (stored.object.spec as { nodeName?: string } | undefined)?.nodeName;
    this.node = kind === 'pod' && nodeName !== undefined ? cluster.node(nodeName) : undefined;
  }

  reader(): Reader {
    return new SubjectReader(this.cluster, this.node, this, ignore);
  }

  fact(definition: AnyFactDefinition, parameter: string): Fact<unknown> {
    return cached(this.#facts, definition, parameter, () => definition.compute(this.reader(), parameter));
  }
}

function objectSubject(stored: StoredObject, kind: 'pod' | 'service' | 'object'): Subject {
  const name = objectName(stored.object);
  if (kind !== 'object') return { kind, name };
  const { kind: objectKind, apiVersion } = stored.object;
  return {
    kind,
    name,
    ...(objectKind === undefined ? {} : { objectKind }),
    ...(apiVersion === undefined ? {} : { apiVersion }),
  };
}

const fingerprints = new WeakMap<Fact<unknown>, unknown>();

/** Equal for facts that say the same; where their evidence stands is looked up for each subject on its own. */
function fingerprintOf(definition: AnyFactDefinition, fact: Fact<unknown>): unknown {
  let fingerprint = fingerprints.get(fact);
  if (fingerprint === undefined) {
    fingerprint = makeFingerprint(definition, fact) ?? fact;
    fingerprints.set(fact, fingerprint);
  }
  return fingerprint;
}

function makeFingerprint(definition: AnyFactDefinition, fact: Fact<unknown>): string | undefined {
  if (fact.state === 'unknown') return `unknown ${JSON.stringify(fact.missing)}`;
  const key = definition.key === undefined ? structuralKey(fact.value) : definition.key(fact.value);
  return key === undefined ? undefined : `known ${key}\n${fact.uncertain ?? ''}`;
}

function cached<K, V>(store: Map<K, Map<string, V>>, key: K, parameter: string, make: () => V): V {
  let inner = store.get(key);
  if (inner === undefined) {
    inner = new Map();
    store.set(key, inner);
  }
  let value = inner.get(parameter);
  if (value === undefined) {
    value = make();
    inner.set(parameter, value);
  }
  return value;
}

class SubjectReader implements Reader {
  readonly takenAt: string;
  readonly hypothetical: boolean;
  readonly #cluster: ClusterSubject;
  readonly #node: NodeSubject | undefined;
  readonly #object: ObjectSubject | undefined;
  readonly #record: Record;
  readonly #sharing: 'value' | 'exact';

  constructor(
    cluster: ClusterSubject,
    node: NodeSubject | undefined,
    object: ObjectSubject | undefined,
    record: Record,
    sharing: 'value' | 'exact' = 'value',
  ) {
    this.#cluster = cluster;
    this.#node = node;
    this.#object = object;
    this.#record = record;
    this.#sharing = sharing;
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
    this.#record({ kind: this.#sharing === 'exact' ? 'exact-fact' : 'fact', name: slot, detail: '' });
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
    return this.#node?.name === undefined ? undefined : this.#cluster.podsOn(this.#node.name);
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
