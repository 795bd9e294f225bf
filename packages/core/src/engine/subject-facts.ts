import type { AnyFactDefinition, Fact, FactOrigin, Origin } from '../facts/fact.ts';
import type { Reader } from '../facts/reader.ts';
import type { ClusterSubject, NodeSubject, ObjectSubject } from '../facts/subjects.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Subject } from '../model/subject.ts';

/** A subject in the three forms a finding can have, with one way to ask for facts and places. */
export class FindingSubject {
  readonly subject: Subject;
  readonly cluster: ClusterSubject;
  readonly node: NodeSubject | undefined;
  readonly object: ObjectSubject | undefined;

  constructor(cluster: ClusterSubject, node?: NodeSubject, object?: ObjectSubject) {
    this.cluster = cluster;
    this.node = node ?? object?.node;
    this.object = object;
    this.subject = object?.subject ?? node?.subject ?? cluster.subject;
  }

  reader(): Reader {
    return this.object?.reader() ?? this.node?.reader() ?? this.cluster.reader();
  }

  /** The fact as it is for this subject; undefined where it is about a node and the subject has none. */
  fact(definition: AnyFactDefinition, parameter: string, node = this.node): Fact<unknown> | undefined {
    if (definition.level === 'cluster') return this.cluster.fact(definition, parameter);
    if (definition.level === 'object') return this.object?.fact(definition, parameter);
    return node?.fact(definition, parameter);
  }

  /** Evidence with paths from the root of the snapshot, each place once, facts followed down to what they rest on. */
  evidence(origins: readonly (Origin | FactOrigin)[], nodeName?: string): readonly Evidence[] {
    const node = nodeName === undefined ? this.node : this.cluster.node(nodeName);
    const found = new Map<string, Evidence>();
    this.#follow(origins, node, found, 0);
    return [...found.values()];
  }

  #follow(
    origins: readonly (Origin | FactOrigin)[],
    node: NodeSubject | undefined,
    found: Map<string, Evidence>,
    depth: number,
  ): void {
    for (const origin of origins) {
      if (found.size >= EVIDENCE_LIMIT || depth > DEPTH_LIMIT) return;
      if ('fact' in origin) {
        const fact = this.fact(origin.fact.definition, origin.fact.parameter, node);
        if (fact?.state === 'known') this.#follow(fact.origins, node, found, depth + 1);
        continue;
      }
      const evidence = this.#toEvidence(origin, node);
      found.set(`${evidence.file}\n${evidence.line ?? ''}\n${evidence.pointer ?? ''}`, evidence);
    }
  }

  #toEvidence(origin: Origin, node: NodeSubject | undefined): Evidence {
    const { node: onNode, file, line, pointer } = origin;
    const path = onNode === true ? `${node?.directory ?? ''}${file}` : file;
    return {
      file: this.cluster.snapshot.shownPaths?.get(path) ?? path,
      ...(line === undefined ? {} : { line }),
      ...(pointer === undefined ? {} : { pointer }),
    };
  }
}

const EVIDENCE_LIMIT = 10;
const DEPTH_LIMIT = 8;
