import type { ProbeStatus } from '../model/coverage.ts';
import type { MissingFact } from '../model/finding.ts';
import type { Probe } from '../probes/probe.ts';
import type { Fact, FactDefinition, Origin } from './fact.ts';
import type { ObjectList, StoredObject } from './snapshot/object-store.ts';

/** What a probe gave: its parsed value, or why there is none. */
export type ProbeRead<T> =
  | {
      readonly state: 'read';
      readonly value: T;
      /** File relative to the node's directory, ready for {@link at}. */
      readonly file: string;
      /** False where the file was cut or a part was not understood: absence in it proves nothing. */
      readonly complete: boolean;
      /** Whether the last line of a text has no end: it may be cut there, or whoever saved it left the end out. */
      readonly endsMidLine?: boolean;
    }
  | {
      readonly state: 'missing';
      readonly status: ProbeStatus | 'not-collected';
      /** What would settle it, ready for an unknown fact. */
      readonly missing: MissingFact;
    };

/** Probes of one network namespace: the host's, or a pod's. */
export interface ProbeReader {
  /** Reads a probe; `member` is the device or file name for probes that come in families. */
  probe<T>(probe: Probe<T>, member?: string): ProbeRead<T>;
  /** Names of the members of a family that were collected, sorted. */
  members(probe: Probe): readonly string[];
}

/** A pod's network namespace on a node. */
export interface NamespaceReader extends ProbeReader {
  /** Directory name, `<namespace>_<pod>` for a pod. */
  readonly name: string;
}

/** A container log of the snapshot. */
export interface ContainerLog {
  readonly file: string;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly previous: boolean;
  readonly text: string;
}

/**
 * The only view that facts and conditions have of the evidence of one subject.
 * Reads about the node are recorded, so that nodes with equal evidence share one evaluation; objects of the cluster
 * are the same for all and are not.
 */
export interface Reader extends ProbeReader {
  fact<T>(definition: FactDefinition<T>, parameter?: string): Fact<T>;
  /** Network namespaces of pods on this node. */
  namespaces(): readonly NamespaceReader[];
  /** Name of the node; undefined where no node is known at all. */
  nodeName(): string | undefined;
  /** Directory of this node's evidence in the snapshot, with a slash at the end. */
  nodeDirectory(): string;
  /** The Node object of this node. */
  nodeObject(): StoredObject | undefined;
  /** Pods whose `spec.nodeName` is this node (all pods, where no node is known by name); undefined where pods were not collected. */
  podsOnNode(): ObjectList | undefined;
  /** Objects of a resource by its plural name, for example `services`; undefined where it was not collected. */
  objects(resource: string): ObjectList | undefined;
  /** The object that the finding is about; undefined for nodes and the cluster. */
  object(): StoredObject | undefined;
  /** The network namespace of the pod that the finding is about, where it was collected. */
  podNamespace(): NamespaceReader | undefined;
  /** All container logs of the snapshot. */
  logs(): readonly ContainerLog[];
  /** Readers of all nodes, for facts of the cluster that combine nodes. */
  nodes(): readonly Reader[];
  /** When the snapshot was taken, ISO 8601. */
  readonly takenAt: string;
  /** True where facts were typed by a user: what was not said is then taken as not done. */
  readonly hypothetical: boolean;
}

/** Origin of a record that a parser read from a node's file. */
export function at(file: string, place: { readonly line?: number; readonly pointer?: string }): Origin {
  return {
    node: true,
    file,
    ...(place.line === undefined ? {} : { line: place.line }),
    ...(place.pointer === undefined ? {} : { pointer: place.pointer }),
  };
}

/** Ties the origin of a record to one node, for facts of the cluster that look at nodes. */
export function onThisNode(read: Reader, origin: Origin): Origin {
  const { node, ...rest } = origin;
  return node === true ? { ...rest, file: `${read.nodeDirectory()}${origin.file}` } : origin;
}

/** Origin of an object, or of a field of it given as a JSON pointer below the object. */
export function inObject(stored: StoredObject, field = ''): Origin {
  return { file: stored.file, pointer: `${stored.pointer}${field}` };
}

/** What to ask for when objects of a resource are missing. */
export function missingObjects(resource: string): MissingFact {
  const [plural = resource] = resource.split('.');
  const name = resource.includes('.') ? resource : plural;
  return { fact: `objects of ${resource}`, command: `kubectl get ${name} -A -o json` };
}
