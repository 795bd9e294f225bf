import { parseImageReference } from '../../../../versions/index.ts';
import { type Fact, type FactDefinition, known, type Origin, unknown } from '../../../fact.ts';
import { valuesAt } from '../../../field-path.ts';
import { inObject, missingObjects, type Reader } from '../../../reader.ts';
import type { StoredObject } from '../../../snapshot/object-store.ts';
import { componentOfContainer } from '../../components/images.ts';
import { byName, type Fields, fieldsOf, textOf, textsOf } from '../objects.ts';

interface MultusContainer {
  readonly stored: StoredObject;
  readonly container: Fields;
  readonly pointer: string;
}

/** Containers (or init containers) with the Multus image in DaemonSets; that of Spiderpool's agent only copies a binary. */
function multusIn(read: Reader, list: 'containers' | 'initContainers'): readonly MultusContainer[] {
  return [...byName(read.objects('daemonsets.apps')).values()].flatMap((stored) =>
    valuesAt(stored.object, `spec.template.spec.${list}[]`).flatMap(({ value, pointer }) => {
      const container = fieldsOf(value);
      const reference = parseImageReference(textOf(container.image) ?? '');
      const component = componentOfContainer(textOf(container.name) ?? '', reference);
      return component?.id === 'multus' ? [{ stored, container, pointer }] : [];
    }),
  );
}

/** `thick`: a daemon serves the requests; `thin`: a plugin with an entry point that only installs it. */
export type MultusKind = 'thick' | 'thin' | 'spiderpool';

/** How Multus runs, by the command of its DaemonSet. */
export const multusKind: FactDefinition<MultusKind> = {
  id: 'multus.kind',
  title: 'kind of Multus',
  level: 'cluster',
  fromText: (text) => (text === 'thick' || text === 'thin' || text === 'spiderpool' ? text : undefined),
  compute(read): Fact<MultusKind> {
    const [main] = multusIn(read, 'containers');
    if (main !== undefined) return known(kindOf(main), inObject(main.stored, main.pointer));
    const [copier] = multusIn(read, 'initContainers');
    if (copier !== undefined) return known('spiderpool', inObject(copier.stored, copier.pointer));
    return unknown(missingObjects('daemonsets.apps'));
  },
};

function kindOf({ stored, container }: MultusContainer): MultusKind {
  if (/spiderpool/.test(stored.object.metadata.name)) return 'spiderpool';
  const words = [...textsOf(container.command), ...textsOf(container.args)].join(' ');
  const isThick = /multus-daemon/.test(words) || /thick/.test(textOf(container.image) ?? '');
  return isThick ? 'thick' : 'thin';
}

/** Whether the thin entry point was told to look for new tokens: both options that start its loop, and no third one. */
export const thinRefresh: FactDefinition<boolean> = {
  id: 'multus.thin-refresh',
  title: 'thin Multus rewrites its kubeconfig',
  level: 'cluster',
  compute(read): Fact<boolean> {
    const [main] = multusIn(read, 'containers');
    if (main === undefined) return unknown(missingObjects('daemonsets.apps'));
    const words = [...textsOf(main.container.command), ...textsOf(main.container.args)].join(' ');
    const cleans = /--cleanup-config-on-exit(?!=false)\b/.test(words);
    const isAuto = /--multus-conf-file[= ]auto\b/.test(words);
    const skips = /--skip-config-watch(?!=false)\b/.test(words);
    return known(cleans && isAuto && !skips, inObject(main.stored, main.pointer));
  },
};

/** Memory limit of the thick daemon as written; empty where there is none. */
export const daemonMemory: FactDefinition<string> = {
  id: 'multus.memory-limit',
  title: 'memory limit of the Multus daemon',
  level: 'cluster',
  compute(read): Fact<string> {
    const [main] = multusIn(read, 'containers');
    if (main === undefined) return unknown(missingObjects('daemonsets.apps'));
    const limit = valuesAt(main.container, 'resources.limits.memory')[0];
    return known(textOf(limit?.value) ?? '', inObject(main.stored, `${main.pointer}${limit?.pointer ?? ''}`));
  },
};

/** Whether an init container copies the shim with a plain `cp` over a file that may be running. */
export const plainCopy: FactDefinition<boolean> = {
  id: 'multus.plain-copy',
  title: 'the shim is copied over the running one',
  level: 'cluster',
  compute(read): Fact<boolean> {
    const inits = multusIn(read, 'initContainers');
    const found = inits.find(({ container }) => {
      const words = [...textsOf(container.command), ...textsOf(container.args)].join(' ');
      return (
        /(^|\/|\s)cp\s/.test(words) && !/\bcp\s+(-\w*[fu]\w*|--force|--remove-destination)\b/.test(words)
      );
    });
    if (found !== undefined) return known(true, inObject(found.stored, found.pointer));
    const [first] = inits;
    if (first !== undefined) return known(false, inObject(first.stored, first.pointer));
    return read.objects('daemonsets.apps')?.complete === true
      ? known(false)
      : unknown(missingObjects('daemonsets.apps'));
  },
};

/** Multus daemons of the node that the kernel killed for want of memory. */
export const daemonKilled: FactDefinition<readonly string[]> = {
  id: 'multus.out-of-memory',
  title: 'Multus daemons killed for want of memory',
  level: 'node',
  format: (list) => list.join(', '),
  compute(read): Fact<readonly string[]> {
    const pods = read.nodeName() === undefined ? read.objects('pods') : read.podsOnNode();
    if (pods === undefined) return unknown(missingObjects('pods'));
    const found = pods.items.flatMap(killedIn);
    if (found.length === 0 && !pods.complete) return unknown(missingObjects('pods'));
    return known(
      [...new Set(found.map(({ text }) => text))],
      ...found.slice(0, 3).map(({ origin }) => origin),
    );
  },
};

function killedIn(pod: StoredObject): { text: string; origin: Origin }[] {
  return valuesAt(pod.object, 'status.containerStatuses[]').flatMap(({ value, pointer }) => {
    const status = fieldsOf(value);
    if (!`${String(status.name)} ${String(status.image)}`.includes('multus')) return [];
    const reference = parseImageReference(textOf(status.image) ?? '');
    const component = componentOfContainer(textOf(status.name) ?? '', reference);
    const kill = ['lastState', 'state'].find(
      (state) => valuesAt(status, `${state}.terminated.reason`)[0]?.value === 'OOMKilled',
    );
    if (component?.id !== 'multus' || kill === undefined) return [];
    return [{ text: pod.object.metadata.name, origin: inObject(pod, `${pointer}/${kill}`) }];
  });
}
