import type { Subject } from '../model/subject.ts';
import type { AnyProbe, Probe } from '../probes/probe.ts';
import { DecisionMemo, type MemoSubjects, type ReadKey } from './decision-memo.ts';
import { versionOf } from './derived/components/versions.ts';
import { kernel } from './derived/kernel/index.ts';
import type { AnyFactDefinition, Fact } from './fact.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type KindedNode, NodeKinds } from './node-kinds.ts';
import type { Reader } from './reader.ts';
import { type ObjectList, objectName, type StoredObject } from './snapshot/object-store.ts';
import type { ProbeSet } from './snapshot/probe-set.ts';
import type { NodeEvidence, Snapshot } from './snapshot/snapshot.ts';
import { NO_PROBES, type RecordRead, SubjectReader } from './subject-reader.ts';

const ignore: RecordRead = () => undefined;

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
  #kinds: NodeKinds | undefined;

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

  reader(record: RecordRead = ignore): Reader {
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
        NODE_SUBJECTS,
        (subject, record) => definition.compute(subject.reader(record), parameter),
        hasOwnPlaces,
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

  get kinds(): NodeKinds {
    this.#kinds ??= new NodeKinds(this.nodes, KIND_FACTS, this.snapshot.objects.has('pods'));
    return this.#kinds;
  }

  /** The node with this name, where it is known. */
  node(name: string): NodeSubject | undefined {
    return this.nodes.find((node) => node.name === name);
  }
}

/** Facts that differ between nodes with the same files, and that many others rest on. */
const KIND_FACTS: readonly AnyFactDefinition[] = [
  kernel,
  ...['kubelet', 'containerd', 'kube-proxy', 'calico-node'].flatMap(
    (component) => versionOf(component) ?? [],
  ),
];

/** How memos over nodes compare them. */
export const NODE_SUBJECTS: MemoSubjects<NodeSubject> = {
  fingerprint: (node, key) => node.fingerprint(key),
  kindOf: (node) => node.kind,
  isOfKind: (node, key) => node.isOfKind(key),
  isOwn: (node, key) => node.kind !== undefined && node.cluster.kinds.isOwn(key),
};

/**
 * False where a fact copies a place from a fact it read. Nodes with equal values may have them in different places, so
 * such a result holds for one node only; a fact that points at the other with `from` holds for all.
 */
function hasOwnPlaces(node: NodeSubject, reads: readonly ReadKey[], result: Fact<unknown>): boolean {
  if (result.state === 'unknown') return true;
  const own = new Set(result.origins.filter((origin) => !('fact' in origin)));
  if (own.size === 0) return true;
  return !reads.some((key) => {
    const read = key.kind === 'fact' ? node.factIn(key.name as FactSlot) : undefined;
    return read?.state === 'known' && read.origins.some((origin) => own.has(origin));
  });
}

/** One node: its own evidence, its Node object, and the cluster around it. */
export class NodeSubject implements KindedNode {
  readonly cluster: ClusterSubject;
  readonly name: string | undefined;
  readonly evidence: NodeEvidence | undefined;
  readonly object: StoredObject | undefined;
  readonly subject: Subject;
  /** By slot. */
  readonly #facts: Fact<unknown>[] = [];
  readonly #fingerprints: unknown[] = [];
  #kind: number | 'being told' | undefined;

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

  reader(record: RecordRead = ignore): Reader {
    return new SubjectReader(this.cluster, this, undefined, record);
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

  /** Undefined while it is being told: the facts that decide it are compared read by read. */
  get kind(): number | undefined {
    if (this.#kind === undefined) {
      this.#kind = 'being told';
      this.#kind = this.cluster.kinds.of(this);
    }
    return this.#kind === 'being told' ? undefined : this.#kind;
  }

  isOfKind(key: ReadKey): boolean {
    const kind = this.kind;
    if (kind === undefined) return false;
    if (key.kind !== 'fact') return this.cluster.kinds.isOfKind(key);
    const slot = key.name as FactSlot;
    return this.cluster.kinds.isKindFact(slot.definition) || slot.memo.hasKind(kind);
  }

  get hasNamespaces(): boolean {
    return (this.evidence?.namespaces.size ?? 0) > 0;
  }

  probes(): Iterable<AnyProbe> {
    return this.host().probes();
  }

  members(probe: AnyProbe): readonly string[] {
    return this.host().members(probe);
  }

  read(probe: AnyProbe, member: string): unknown {
    return this.host().read(probe, member);
  }

  fingerprintOf(definition: AnyFactDefinition): unknown {
    return this.#fingerprintIn(this.cluster.slot(definition, ''));
  }

  /** What this node has for a recorded read; equal values mean that the same result holds. */
  fingerprint(key: ReadKey): unknown {
    switch (key.kind) {
      case 'probe':
        return this.host().read(key.name as Probe, key.detail);
      case 'members':
        return this.members(key.name as Probe).join(' ');
      case 'namespaces':
        return this.hasNamespaces ? this : 'none';
      case 'fact':
        return this.#fingerprintIn(key.name as FactSlot);
      case 'node-name':
        return this.name;
      case 'node-object':
        return this.object;
      case 'pods-on-node':
        return this.name !== undefined && this.cluster.snapshot.objects.has('pods') ? this : 'not collected';
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
