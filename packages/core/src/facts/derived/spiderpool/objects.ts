import { familyOf } from '../../../parsers/iproute2/address.ts';
import { valuesAt } from '../../field-path.ts';
import type { Reader } from '../../reader.ts';
import { type ObjectList, objectName, type StoredObject } from '../../snapshot/object-store.ts';

/** Custom resources of Spiderpool and Multus, by their plural names. */
export const COORDINATORS = 'spidercoordinators.spiderpool.spidernet.io';
export const POOLS = 'spiderippools.spiderpool.spidernet.io';
export const SUBNETS = 'spidersubnets.spiderpool.spidernet.io';
export const ENDPOINTS = 'spiderendpoints.spiderpool.spidernet.io';
export const MULTUS_CONFIGS = 'spidermultusconfigs.spiderpool.spidernet.io';
export const ATTACHMENTS = 'network-attachment-definitions.k8s.cni.cncf.io';

export type Fields = Readonly<Record<string, unknown>>;

/** The value as a map of fields; empty where it is none. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** The value if it is a text that is not empty. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The texts of a list; empty where the value is no list. */
export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** The first value at a path of an object. */
export function fieldOf(object: unknown, path: string): unknown {
  return valuesAt(object, path)[0]?.value;
}

const NOTHING: ReadonlyMap<string, StoredObject> = new Map();
const named = new WeakMap<ObjectList, ReadonlyMap<string, StoredObject>>();

/** Objects of a list by `namespace/name`; evidence that was collected twice counts once. */
export function byName(list: ObjectList | undefined): ReadonlyMap<string, StoredObject> {
  if (list === undefined) return NOTHING;
  const known = named.get(list);
  if (known !== undefined) return known;
  const found = new Map<string, StoredObject>();
  for (const stored of list.items) {
    const name = objectName(stored.object);
    if (!found.has(name)) found.set(name, stored);
  }
  named.set(list, found);
  return found;
}

export function labelsOf({ object }: StoredObject): Fields {
  return fieldsOf(object.metadata.labels);
}

export function annotationsOf({ object }: StoredObject): Fields {
  return fieldsOf(object.metadata.annotations);
}

/** The controller among the owners of an object. */
export function controllerOf({ object }: StoredObject): Fields | undefined {
  const owners = object.metadata.ownerReferences;
  const all = Array.isArray(owners) ? owners.map(fieldsOf) : [];
  return all.find((owner) => owner.controller === true);
}

/** When an object was made, in milliseconds; undefined where it does not say. */
export function createdAt({ object }: StoredObject): number | undefined {
  const time = Date.parse(String(object.metadata.creationTimestamp ?? ''));
  return Number.isNaN(time) ? undefined : time;
}

/** Lists of one snapshot are minutes apart at most; what is older than this cannot be missing for that reason. */
const COLLECTION_TIME = 10 * 60_000;

/** True for an object that was there well before the evidence was taken; undefined where it does not say. */
export function isSettled(read: Reader, stored: StoredObject): boolean | undefined {
  const made = createdAt(stored);
  return made === undefined ? undefined : made < Date.parse(read.takenAt) - COLLECTION_TIME;
}

/** An address without its prefix length in the one form that texts of equal addresses share. */
export function addressOf(text: string): string | undefined {
  const [address = ''] = text.trim().split('/');
  const family = familyOf(address);
  if (family === undefined) return undefined;
  return family === 4 ? address : wholeIpv6(address);
}

/** All eight groups without leading zeros. */
function wholeIpv6(address: string): string {
  const plain = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...octets: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = octets.map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
  const [before = [], after = []] = plain
    .split('::')
    .map((half) => half.split(':').filter((one) => one !== ''));
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].map((group) => Number.parseInt(group, 16).toString(16)).join(':');
}

/** A prefix in the one form that texts of equal prefixes share. */
export function prefixOf(text: string): string {
  const [, length = ''] = text.trim().split('/');
  const address = addressOf(text);
  return address === undefined ? text.trim() : `${address}/${length}`;
}

/** True if both lists hold the same prefixes, in whatever order. */
export function samePrefixes(left: readonly string[], right: readonly string[]): boolean {
  const normal = (list: readonly string[]) => [...new Set(list.map(prefixOf))].sort().join(' ');
  return normal(left) === normal(right);
}

/** An event as both of its APIs have it. */
export interface EventRecord {
  readonly reason: string;
  readonly message: string;
  readonly about: Fields;
  readonly stored: StoredObject;
}

const EVENT_LISTS = ['events', 'events.events.k8s.io'] as const;
const readEvents = new WeakMap<ObjectList, readonly EventRecord[]>();
const eventsByObject = new WeakMap<ObjectList, ReadonlyMap<string, readonly EventRecord[]>>();

function eventsIn(list: ObjectList): readonly EventRecord[] {
  let events = readEvents.get(list);
  if (events === undefined) {
    events = list.items.map((stored) => {
      const { reason, message, note, involvedObject, regarding } = stored.object;
      const about = fieldsOf(involvedObject ?? regarding);
      return { reason: String(reason ?? ''), message: textOf(message) ?? textOf(note) ?? '', about, stored };
    });
    readEvents.set(list, events);
  }
  return events;
}

/** Events that pass a test. */
export function eventsWhere(read: Reader, test: (event: EventRecord) => boolean): readonly EventRecord[] {
  return EVENT_LISTS.flatMap((resource) => {
    const list = read.objects(resource);
    return list === undefined ? [] : eventsIn(list).filter(test);
  });
}

/** Events about the object of this name, with a message that matches. */
export function eventsAbout(read: Reader, { object }: StoredObject, message: RegExp): readonly EventRecord[] {
  return EVENT_LISTS.flatMap((resource) => {
    const list = read.objects(resource);
    const events = list === undefined ? undefined : byObject(list).get(objectName(object));
    return events?.filter((event) => message.test(event.message)) ?? [];
  });
}

function byObject(list: ObjectList): ReadonlyMap<string, readonly EventRecord[]> {
  const known = eventsByObject.get(list);
  if (known !== undefined) return known;
  const found = new Map<string, EventRecord[]>();
  for (const event of eventsIn(list)) {
    const { namespace, name } = event.about;
    const key = textOf(namespace) === undefined ? String(name) : `${String(namespace)}/${String(name)}`;
    const same = found.get(key);
    if (same === undefined) found.set(key, [event]);
    else same.push(event);
  }
  eventsByObject.set(list, found);
  return found;
}

/** True where events were collected whole. */
export function eventsComplete(read: Reader): boolean {
  return EVENT_LISTS.some((resource) => read.objects(resource)?.complete === true);
}
