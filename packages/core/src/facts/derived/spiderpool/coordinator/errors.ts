import { type Fact, type FactDefinition, known, type Origin, unknown } from '../../../fact.ts';
import { inObject, missingObjects, type Reader } from '../../../reader.ts';
import { kubeadmConfig } from '../cluster-cidrs.ts';
import { hasLogs, linesOf } from '../logs.ts';
import { byName, eventsComplete, eventsWhere, fieldOf } from '../objects.ts';

/** Something that was found out, with its place. */
export interface Discovery {
  readonly text: string;
  readonly origin: Origin;
}

const REASONS = new Set(['ClusterNotReady', 'CalicoNotReady', 'CiliumNotReady', 'FoundCNIErr']);

/** What the controller itself reported while it collected the CIDRs: events about the object, and its log. */
export function reportedErrors(read: Reader): readonly Discovery[] {
  const name = read.object()?.object.metadata.name;
  const events = eventsWhere(
    read,
    ({ reason, about }) => REASONS.has(reason) && about.kind === 'SpiderCoordinator' && about.name === name,
  );
  const lines = linesOf(read, 'controller', /failed to handle spidercoordinator/);
  return [
    ...events.map(({ message, stored }) => ({ text: message, origin: inObject(stored) })),
    ...lines.map(({ text, origin }) => ({ text, origin })),
  ];
}

/** True where either source of reported errors could be looked through. */
export function errorsWouldShow(read: Reader): boolean {
  return eventsComplete(read) || hasLogs(read, 'controller');
}

/**
 * Why collecting the CIDRs of the cluster fails: errors that the controller reported, or a source that
 * SpiderCoordinator of 0.8.0 to 0.8.3 cannot do without and that is proven missing.
 */
export const coordinatorErrors: FactDefinition<readonly string[]> = {
  id: 'spiderpool.coordinator-errors',
  title: 'reasons why the CIDRs of the cluster cannot be collected',
  level: 'object',
  format: (list) => list.slice(0, 3).join(' | '),
  compute(read): Fact<readonly string[]> {
    const found = [...reportedErrors(read), ...missingSources(read)];
    if (found.length > 0) {
      return known(
        found.map(({ text }) => text),
        ...found.slice(0, 3).map(({ origin }) => origin),
      );
    }
    if (read.fact(kubeadmConfig).state === 'unknown') return unknown(missingObjects('configmaps'));
    return errorsWouldShow(read) || read.fact(kubeadmConfig).state === 'known'
      ? known([])
      : unknown(missingObjects('events'));
  },
};

function missingSources(read: Reader): readonly Discovery[] {
  const list = read.objects('configmaps');
  if (list?.complete !== true) return [];
  const [file = ''] = list.files;
  const maps = byName(list);
  const found: Discovery[] = [];
  if (!maps.has('kube-system/kubeadm-config')) {
    found.push({ text: 'there is no ConfigMap kube-system/kubeadm-config', origin: { file } });
  }
  const coordinator = read.object();
  if (
    fieldOf(coordinator?.object, 'spec.podCIDRType') === 'cilium' &&
    !maps.has('kube-system/cilium-config')
  ) {
    found.push({ text: 'there is no ConfigMap kube-system/cilium-config', origin: { file } });
  }
  return found;
}
