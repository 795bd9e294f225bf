import type { Network } from '../../datapath/model/network.ts';
import { serviceSpec } from '../../facts/derived/kube-proxy/service-index.ts';
import { objectName, type StoredObject } from '../../facts/snapshot/object-store.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { CalledService } from './called-service.ts';

/** Why a service has no endpoint that is ready, with the objects that say so. */
export interface WhyNotReady {
  readonly text: string;
  readonly evidence: readonly Evidence[];
}

interface PodFields {
  readonly spec?: {
    readonly containers?: readonly {
      readonly ports?: readonly { readonly name?: unknown }[];
    }[];
  };
  readonly status?: {
    readonly phase?: unknown;
    readonly conditions?: readonly {
      readonly type?: unknown;
      readonly status?: unknown;
      readonly message?: unknown;
    }[];
    readonly containerStatuses?: readonly {
      readonly name?: unknown;
      readonly state?: { readonly waiting?: { readonly reason?: unknown } };
    }[];
  };
}

const SHOWN = 3;

/** Looks at the pods that the service selects. */
export function whyNotReady(network: Network, { stored, name, port }: CalledService): WhyNotReady {
  const { selector } = serviceSpec(stored) as { readonly selector?: Readonly<Record<string, string>> | null };
  const own = { file: stored.file, pointer: stored.pointer };
  if (selector === undefined || selector === null || Object.keys(selector).length === 0) {
    return {
      text: `Service ${name} selects no pods: somebody else has to keep its EndpointSlices.`,
      evidence: [own],
    };
  }
  const labels = Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  const pods = network.objects('pods');
  if (pods === undefined)
    return { text: `Pods were not collected (Service ${name} selects ${labels}).`, evidence: [own] };
  const { namespace } = stored.object.metadata;
  const selected = pods.filter(
    ({ object }) => object.metadata.namespace === namespace && hasLabels(object.metadata.labels, selector),
  );
  if (selected.length === 0) {
    return {
      text: `No pod in ${namespace} has the labels that Service ${name} selects (${labels}).`,
      evidence: [own],
    };
  }
  const { targetPort } = port as { readonly targetPort?: unknown };
  const unnamed =
    typeof targetPort === 'string' &&
    !/^\d+$/.test(targetPort) &&
    !selected.some((pod) => hasPort(pod, targetPort));
  if (unnamed) {
    return {
      text: `None of the pods that Service ${name} selects has a port named ${targetPort}.`,
      evidence: [own, ...selected.slice(0, SHOWN).map(placeOf)],
    };
  }
  const more = selected.length > SHOWN ? `, and ${selected.length - SHOWN} more` : '';
  const states = selected
    .slice(0, SHOWN)
    .map((pod) => `${objectName(pod.object)} (${stateOf(pod)})`)
    .join(', ');
  return {
    text: `Service ${name} selects ${labels}: ${states}${more}.`,
    evidence: [own, ...selected.slice(0, SHOWN).map(placeOf)],
  };
}

function placeOf({ file, pointer }: StoredObject): Evidence {
  return { file, pointer };
}

function hasLabels(labels: unknown, selector: Readonly<Record<string, string>>): boolean {
  const own = (labels ?? {}) as Readonly<Record<string, unknown>>;
  return Object.entries(selector).every(([key, value]) => own[key] === value);
}

function hasPort({ object }: StoredObject, name: string): boolean {
  const { spec } = object as PodFields;
  return (spec?.containers ?? []).some(({ ports }) => (ports ?? []).some((port) => port.name === name));
}

/** What keeps a pod from being ready, in the words of its status. */
function stateOf({ object }: StoredObject): string {
  const { status } = object as PodFields;
  const phase = typeof status?.phase === 'string' ? status.phase : 'no status';
  if (phase !== 'Running') return phase;
  const waiting = (status?.containerStatuses ?? []).find(({ state }) => state?.waiting !== undefined);
  if (waiting !== undefined)
    return `container ${String(waiting.name)}: ${String(waiting.state?.waiting?.reason ?? 'waiting')}`;
  if (object.metadata.deletionTimestamp !== undefined) return 'being deleted';
  const ready = (status?.conditions ?? []).find(({ type }) => type === 'Ready');
  if (ready?.status === 'True') return 'ready';
  return `not ready${typeof ready?.message === 'string' ? `: ${ready.message}` : ''}`;
}
