import { type ListElement, ListSplitter, parseListElement, type SnapshotFile } from '@netvet/core';
import type { ByteStream } from '../bytes/byte-stream.ts';
import type { SourceProblems } from '../problems.ts';
import { resourceOf } from './resource-name.ts';

const PARTIAL =
  'read from a dump, which does not say whether it holds all objects of the cluster. Put lists of all namespaces into cluster/<resource>.json to have that too';

/**
 * Splits a JSON document of objects, as `kubectl get -o json` prints it, by their resources. Gives one file for each object,
 * so that a dump of any size and mixture needs the memory of one. Gives nothing at all when there is no object of Kubernetes.
 */
export async function* dumpFiles(
  name: string,
  stream: ByteStream,
  problems: SourceProblems,
): AsyncGenerator<SnapshotFile> {
  const splitter = new ListSplitter();
  for await (const chunk of stream.chunks) {
    for (const element of splitter.push(chunk)) yield* objectFile(name, element, splitter.rest, problems);
  }
  const { value, problems: damages } = splitter.end();
  for (const { reason } of damages) problems.add(reason);
  const cut = stream.cut();
  if (cut !== undefined) problems.add(cut);
  if (value.listPointer === undefined) yield* single(name, value.rest);
  else if (value.count === 0) yield* emptyList(name, value.rest);
}

function* objectFile(
  name: string,
  element: ListElement,
  list: Readonly<Record<string, unknown>>,
  problems: SourceProblems,
): Generator<SnapshotFile> {
  const { value, problems: damages } = parseListElement(element);
  for (const { reason } of damages) problems.add(`${element.pointer}: ${reason}`);
  const type = typeOfItems(list);
  const object = isRecord(value) ? { ...type, ...value } : value;
  const resource = resourceOf(object);
  if (resource === undefined) {
    if (damages.length === 0) problems.add(`${element.pointer}: expected an object with kind and apiVersion`);
    return;
  }
  const text = isRecord(value) && value.kind !== undefined ? element.text : JSON.stringify(object);
  yield file(name, resource, text, element.pointer);
}

function* single(name: string, object: Readonly<Record<string, unknown>>): Generator<SnapshotFile> {
  const resource = resourceOf(object);
  if (resource !== undefined) yield file(name, resource, JSON.stringify(object), '');
}

/** `PodList` without pods is known to be about pods; a plain `List` without items is about nothing. */
function* emptyList(name: string, list: Readonly<Record<string, unknown>>): Generator<SnapshotFile> {
  const resource = resourceOf(typeOfItems(list));
  if (resource !== undefined) yield file(name, resource, '{"items":[]}', '');
}

function file(name: string, resource: string, text: string, pointer: string): SnapshotFile {
  const path = `cluster/${resource}.json`;
  return { path, shownAs: name, chunks: [Buffer.from(text)], pointer, partial: PARTIAL };
}

/** Items of typed lists have no kind of their own: a `PodList` has pods. */
function typeOfItems({
  kind,
  apiVersion,
}: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return typeof kind === 'string' && kind.endsWith('List') && kind !== 'List'
    ? { kind: kind.slice(0, -'List'.length), apiVersion }
    : {};
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
