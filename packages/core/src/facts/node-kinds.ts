import type { AnyProbe } from '../probes/probe.ts';
import type { ReadKey } from './decision-memo.ts';
import type { AnyFactDefinition } from './fact.ts';

/** What is needed of a node to tell its kind. */
export interface KindedNode {
  readonly hasNamespaces: boolean;
  /** Probes that have a file, or were tried in vain. */
  probes(): Iterable<AnyProbe>;
  members(probe: AnyProbe): readonly string[];
  read(probe: AnyProbe, member: string): unknown;
  fingerprintOf(definition: AnyFactDefinition): unknown;
}

/**
 * Sorts nodes into kinds: nodes of one kind have the same content in every probe that many nodes share, and equal
 * values of a few facts. Whatever rests on those alone is the same for the whole kind and is worked out once.
 *
 * Probes whose content is a node's own (addresses, routes) take no part: what reads them is compared read by read.
 */
export class NodeKinds {
  /** Probes that some node has, and whose content many nodes share. */
  readonly #compared: readonly AnyProbe[];
  /** Probes whose content is a node's own. */
  readonly #own: ReadonlySet<AnyProbe>;
  readonly #facts: ReadonlySet<AnyFactDefinition>;
  readonly #noNamespaces: boolean;
  readonly #noPods: boolean;
  readonly #ids = new Map<unknown, number>();
  readonly #kinds = new Map<string, number>();

  constructor(nodes: readonly KindedNode[], facts: readonly AnyFactDefinition[], hasPods: boolean) {
    const collected = new Set<AnyProbe>();
    for (const node of nodes) for (const probe of node.probes()) collected.add(probe);
    this.#compared = [...collected].filter((probe) => isShared(probe, nodes));
    this.#own = new Set([...collected].filter((probe) => !this.#compared.includes(probe)));
    this.#facts = new Set(facts);
    this.#noNamespaces = nodes.every(({ hasNamespaces }) => !hasNamespaces);
    this.#noPods = !hasPods;
  }

  /** A small number that is equal for nodes of one kind. */
  of(node: KindedNode): number {
    const parts: number[] = [];
    for (const probe of this.#compared) {
      if (probe.each === undefined) parts.push(this.#id(node.read(probe, '')));
      else {
        for (const member of node.members(probe))
          parts.push(this.#id(member), this.#id(node.read(probe, member)));
      }
    }
    for (const definition of this.#facts) parts.push(this.#id(node.fingerprintOf(definition)));
    const key = parts.join(' ');
    const known = this.#kinds.get(key);
    if (known !== undefined) return known;
    const kind = this.#kinds.size;
    this.#kinds.set(key, kind);
    return kind;
  }

  /** True where all nodes of a kind give the same for this read. Other facts are not asked here. */
  isOfKind(key: ReadKey): boolean {
    switch (key.kind) {
      case 'probe':
        return !this.#own.has(key.name as AnyProbe) && isCompared(key.name as AnyProbe, key.detail);
      case 'members':
        return !this.#own.has(key.name as AnyProbe) && (key.name as AnyProbe).each !== undefined;
      case 'namespaces':
        return this.#noNamespaces;
      case 'pods-on-node':
        return this.#noPods;
      default:
        return false;
    }
  }

  /** True where a read gives a node something that no other has. */
  isOwn({ kind, name }: ReadKey): boolean {
    if (kind === 'node-name' || kind === 'node-object') return true;
    return kind === 'probe' && this.#own.has(name as AnyProbe);
  }

  isKindFact(definition: AnyFactDefinition): boolean {
    return this.#facts.has(definition);
  }

  #id(value: unknown): number {
    let id = this.#ids.get(value);
    if (id === undefined) {
      id = this.#ids.size;
      this.#ids.set(value, id);
    }
    return id;
  }
}

/** Numbered samples of a probe are not part of what tells kinds apart. */
function isCompared({ each }: AnyProbe, member: string): boolean {
  return each !== undefined || member === '';
}

/** At most one content for every four nodes; families of files count by their first member. */
function isShared(probe: AnyProbe, nodes: readonly KindedNode[]): boolean {
  const contents = new Set<unknown>();
  for (const node of nodes) {
    const [first = ''] = probe.each === undefined ? [] : node.members(probe);
    contents.add(node.read(probe, first));
  }
  return contents.size <= Math.max(1, nodes.length / 4);
}
