import { type FactDefinition, known, unknown } from '../../fact.ts';
import { inObject, missingObjects, type Reader } from '../../reader.ts';
import { objectName, type StoredObject } from '../../snapshot/object-store.ts';

interface PodEvent {
  readonly reason?: string;
  readonly message?: string;
  readonly note?: string;
  readonly involvedObject?: { readonly namespace?: string; readonly name?: string };
  readonly regarding?: { readonly namespace?: string; readonly name?: string };
  readonly source?: { readonly host?: string };
  readonly reportingInstance?: string;
  readonly deprecatedSource?: { readonly host?: string };
}

/** What the bandwidth plugin says when the kernel refuses a queue or an ifb device. */
const REFUSED =
  /(?:plugin type="bandwidth"|create (?:ifb|qdisc|ingress qdisc|child qdisc)|bandwidth).*(?:operation not supported|no such file or directory)/is;

/** Pods of the node whose sandbox failed because the bandwidth plugin met a kernel without what it needs. */
export const shapingFailures: FactDefinition<readonly string[]> = {
  id: 'antrea.shaping-failures',
  title: 'pods refused by the bandwidth plugin',
  level: 'node',
  format: (pods) => pods.join(', ') || 'none',
  compute(read) {
    const lists = [read.objects('events'), read.objects('events.events.k8s.io')].filter(
      (list) => list !== undefined,
    );
    const found = lists.flatMap(({ items }) =>
      items.filter((event) => isRefusal(event) && isHere(read, event)),
    );
    if (found.length > 0) {
      return known([...new Set(found.map(podOf))].sort(), ...found.map((event) => inObject(event)));
    }
    return lists.some(({ complete }) => complete) ? known([]) : unknown(missingObjects('events'));
  },
};

function isRefusal({ object }: StoredObject): boolean {
  const { reason, message, note } = object as PodEvent;
  return reason === 'FailedCreatePodSandBox' && REFUSED.test(message ?? note ?? '');
}

function isHere(read: Reader, event: StoredObject): boolean {
  const { source, deprecatedSource, reportingInstance } = event.object as PodEvent;
  const host = source?.host ?? deprecatedSource?.host ?? reportingInstance;
  if (host !== undefined && host !== '') return host === read.nodeName();
  const pod = podOf(event);
  return read.podsOnNode()?.items.some(({ object }) => objectName(object) === pod) ?? false;
}

function podOf({ object }: StoredObject): string {
  const { involvedObject, regarding } = object as PodEvent;
  const { namespace = 'default', name = '' } = involvedObject ?? regarding ?? {};
  return `${namespace}/${name}`;
}
