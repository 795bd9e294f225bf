import { journalProbe } from '../../../probes/system.ts';
import { type FactDefinition, from, known, knownUncertain, type Origin, unknown } from '../../fact.ts';
import { at, inObject, missingObjects, type Reader } from '../../reader.ts';
import type { ObjectList, StoredObject } from '../../snapshot/object-store.ts';
import { type CniInstaller, cniInstallers } from './cni-installers.ts';
import { plainPath } from './cni-runtime-directories.ts';

/** What a runtime says when a CNI plugin is in none of its directories. */
export interface PluginNotFound {
  readonly plugin: string;
  readonly searched: readonly string[];
}

const SENTENCE = /failed to find plugin \\?"([^"\\]+)\\?" in path \[([^\]]*)\]/;

interface EventObject {
  readonly reason?: string;
  readonly message?: string;
  readonly note?: string;
  readonly source?: { readonly host?: string };
  readonly deprecatedSource?: { readonly host?: string };
  readonly reportingInstance?: string;
  readonly involvedObject?: { readonly namespace?: string; readonly name?: string };
  readonly regarding?: { readonly namespace?: string; readonly name?: string };
}

/**
 * Plugins that the runtime of this node did not find, from events and its journal, as far as they are installed elsewhere:
 * where every installer's directory was searched, the plugin is simply not there, which is another problem.
 */
export const pluginsNotFound: FactDefinition<readonly PluginNotFound[]> = {
  id: 'cni.plugins-not-found',
  title: 'plugins that the runtime did not find',
  level: 'node',
  format: (list) =>
    list.map(({ plugin, searched }) => `${plugin} in ${searched.join(', ')}`).join('; ') || 'none',
  compute(read) {
    const installers = read.fact(cniInstallers);
    const list = installers.state === 'known' ? installers.value : [];
    const found = [...fromEvents(read), ...fromJournal(read)].filter(({ said }) => isElsewhere(said, list));
    const byText = new Map<string, Found>();
    for (const one of found) {
      const text = `${one.said.plugin}\n${one.said.searched.join(' ')}`;
      if (!byText.has(text)) byText.set(text, one);
    }
    const distinct = [...byText.values()];
    if (distinct.length > 0) {
      const value = distinct.map(({ said }) => said);
      const origins = distinct.map(({ origin }) => origin);
      return list.length > 0
        ? known(value, ...origins, from(cniInstallers))
        : knownUncertain(value, 'where the plugins are installed was not collected', ...origins);
    }
    const events = eventLists(read);
    return events.some(({ complete }) => complete)
      ? known([], ...events.flatMap(({ files }) => files.map((file) => ({ file }))))
      : unknown(missingObjects('events'));
  },
};

/** The installer of the plugin itself decides, where there is one; helpers such as calico-ipam come with it. */
function isElsewhere({ plugin, searched }: PluginNotFound, installers: readonly CniInstaller[]): boolean {
  const own = installers.filter((one) => one.plugin !== undefined && plugin.startsWith(one.plugin));
  const installed = (own.length > 0 ? own : installers).flatMap(({ bin }) =>
    bin === undefined ? [] : [bin],
  );
  return installed.length === 0 || installed.some((path) => !searched.includes(path));
}

interface Found {
  readonly said: PluginNotFound;
  readonly origin: Origin;
}

function eventLists(read: Reader) {
  return [read.objects('events'), read.objects('events.events.k8s.io')].filter((list) => list !== undefined);
}

function fromEvents(read: Reader): readonly Found[] {
  const telling = eventLists(read).flatMap(tellingEvents);
  if (telling.length === 0) return [];
  return telling
    .filter((stored) => isFromNode(read, stored))
    .flatMap((stored) => {
      const said = sentenceIn(messageOf(stored));
      return said === undefined ? [] : [{ said, origin: inObject(stored, '/message') }];
    });
}

const tellingByList = new WeakMap<ObjectList, readonly StoredObject[]>();

/** Looked up once for all nodes: clusters have tens of thousands of events. */
function tellingEvents(list: ObjectList): readonly StoredObject[] {
  let found = tellingByList.get(list);
  if (found === undefined) {
    found = list.items.filter((stored) => messageOf(stored).includes('failed to find plugin'));
    tellingByList.set(list, found);
  }
  return found;
}

function messageOf({ object }: StoredObject): string {
  const { message, note } = object as EventObject;
  const text = message ?? note;
  return typeof text === 'string' ? text : '';
}

/** By the kubelet that the event names, else by the pod it is about; with a single node there is nothing to tell. */
function isFromNode(read: Reader, { object }: StoredObject): boolean {
  const { source, deprecatedSource, reportingInstance, involvedObject, regarding } = object as EventObject;
  const host = source?.host ?? deprecatedSource?.host ?? reportingInstance;
  if (typeof host === 'string' && host !== '') return host === read.nodeName();
  const about = involvedObject ?? regarding;
  const isOurs = read
    .podsOnNode()
    ?.items.some(
      (pod) => pod.object.metadata.name === about?.name && pod.object.metadata.namespace === about?.namespace,
    );
  return isOurs === true || read.nodes().length === 1;
}

function fromJournal(read: Reader): readonly Found[] {
  const probe = read.probe(journalProbe);
  if (probe.state === 'missing') return [];
  return probe.value.flatMap((line) => {
    const said = line.text.includes('failed to find plugin') ? sentenceIn(line.text) : undefined;
    return said === undefined ? [] : [{ said, origin: at(probe.file, line) }];
  });
}

function sentenceIn(text: string): PluginNotFound | undefined {
  const [, plugin, paths] = SENTENCE.exec(text) ?? [];
  if (plugin === undefined || paths === undefined) return undefined;
  const searched = paths.split(/[\s,]+/).filter((path) => path !== '');
  return { plugin, searched: searched.map(plainPath) };
}
