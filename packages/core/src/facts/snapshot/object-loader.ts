import {
  type KubeItem,
  type ListElement,
  ListSplitter,
  parseListElement,
  readKubeItem,
} from '../../parsers/kube-objects/index.ts';
import type { Parsed, Problem } from '../../parsers/parsed.ts';
import { withoutManagedFields } from './managed-fields.ts';
import { type KubeObject, type ObjectList, ObjectSlimmer, type StoredObject } from './object-store.ts';

interface OpenList {
  readonly items: StoredObject[];
  readonly files: string[];
  complete: boolean;
}

export type ObjectProblem = (resource: string, file: string, problem: Problem) => void;

/** Reads `cluster/<resource>.json` files piece by piece and keeps their objects, slimmed. */
export class ObjectLoader {
  readonly #lists = new Map<string, OpenList>();
  readonly #slimmer = new ObjectSlimmer();
  readonly #report: ObjectProblem;

  constructor(report: ObjectProblem) {
    this.#report = report;
  }

  /**
   * Starts a file. The same resource may come in several files, for example one per namespace; `pointer` is where
   * the objects stand in `file`, when they are a part of it.
   */
  open(resource: string, file: string, pointer = ''): ObjectFile {
    let list = this.#lists.get(resource);
    if (list === undefined) {
      list = { items: [], files: [], complete: true };
      this.#lists.set(resource, list);
    }
    if (list.files.at(-1) !== file) list.files.push(file);
    return new ObjectFile(resource, { file, pointer }, list, this.#slimmer, this.#report);
  }

  /** Says that a resource may have more objects than were read. */
  markPartial(resource: string): void {
    const list = this.#lists.get(resource);
    if (list !== undefined) list.complete = false;
  }

  lists(): ReadonlyMap<string, ObjectList> {
    return new Map([...this.#lists].map(([resource, list]) => [resource, { resource, ...list }]));
  }
}

function parseElement(element: ListElement): Parsed<unknown> {
  const short = withoutManagedFields(element.text);
  if (short === undefined) return parseListElement(element);
  const parsed = parseListElement({ ...element, text: short });
  return parsed.problems.length === 0 ? parsed : parseListElement(element);
}

/** One file of objects while its bytes come in. */
export class ObjectFile {
  readonly #splitter = new ListSplitter();
  readonly #resource: string;
  readonly #file: string;
  readonly #pointer: string;
  readonly #list: OpenList;
  readonly #slimmer: ObjectSlimmer;
  readonly #report: ObjectProblem;
  #bytes = 0;

  constructor(
    resource: string,
    { file, pointer }: { file: string; pointer: string },
    list: OpenList,
    slimmer: ObjectSlimmer,
    report: ObjectProblem,
  ) {
    this.#resource = resource;
    this.#file = file;
    this.#pointer = pointer;
    this.#list = list;
    this.#slimmer = slimmer;
    this.#report = report;
  }

  push(bytes: Uint8Array): void {
    this.#bytes += bytes.length;
    for (const element of this.#splitter.push(bytes)) {
      const { value, problems } = parseElement(element);
      this.#damaged(problems);
      if (value !== undefined) this.#keep(readKubeItem(value, element.pointer, this.#splitter.rest));
    }
  }

  /** Ends the file; `cut` says why not all of it came. */
  end(cut?: string): void {
    const { value, problems } = this.#splitter.end();
    this.#damaged(problems);
    if (cut !== undefined) this.#damaged([{ reason: cut }]);
    if (this.#bytes === 0) this.#damaged([{ reason: 'the file is empty: expected a JSON document' }]);
    if (value.listPointer !== undefined || problems.length > 0 || this.#bytes === 0) return;
    // `GET /version` and single objects have no list.
    if (this.#resource === 'version') this.#add({ object: value.rest, pointer: '' });
    else this.#keep(readKubeItem(value.rest, ''));
  }

  /** Says that the cluster may have more objects: that one is not in the list proves nothing. */
  markPartial(): void {
    this.#list.complete = false;
  }

  #keep({ value, problems }: ReturnType<typeof readKubeItem>): void {
    this.#damaged(problems);
    for (const item of value) this.#add(item);
  }

  #add({ object, pointer }: KubeItem): void {
    const kept =
      this.#resource === 'version' ? (object as unknown as KubeObject) : this.#named(object, pointer);
    if (kept !== undefined) {
      this.#list.items.push({ object: kept, file: this.#file, pointer: this.#pointer + pointer });
    }
  }

  #named(object: Readonly<Record<string, unknown>>, pointer: string): KubeObject | undefined {
    const name = (object.metadata as { name?: unknown } | undefined)?.name;
    if (typeof name !== 'string') {
      this.#damaged([{ pointer, reason: 'expected an object with metadata.name' }]);
      return undefined;
    }
    return this.#slimmer.slim(object as unknown as KubeObject);
  }

  #damaged(problems: readonly Problem[]): void {
    for (const { pointer, ...problem } of problems) {
      const place = this.#pointer + (pointer ?? '');
      this.#report(this.#resource, this.#file, place === '' ? problem : { ...problem, pointer: place });
    }
    if (problems.length > 0) this.#list.complete = false;
  }
}
