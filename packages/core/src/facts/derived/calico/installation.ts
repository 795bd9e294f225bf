import { type FactDefinition, known, unknown } from '../../fact.ts';
import { inObject, missingObjects, type Reader } from '../../reader.ts';
import type { StoredObject } from '../../snapshot/object-store.ts';
import { containersOf } from '../components/containers.ts';

/** Namespace that calico-node runs in: `kube-system` with the manifests, `calico-system` with the operator. */
export const calicoNamespace: FactDefinition<string> = {
  id: 'calico.namespace',
  title: 'namespace of calico-node',
  level: 'cluster',
  compute(read) {
    const workload = calicoNode(read);
    const namespace = workload?.object.metadata.namespace;
    if (workload === undefined || namespace === undefined) return unknown(missingObjects('daemonsets.apps'));
    return known(namespace, inObject(workload, '/metadata/namespace'));
  },
};

/** Whether the operator manages Calico, so that changes of the DaemonSet do not last. */
export const operatorManaged: FactDefinition<boolean> = {
  id: 'calico.operator-managed',
  title: 'Calico is managed by its operator',
  level: 'cluster',
  compute(read) {
    const [installation] = read.objects('installations.operator.tigera.io')?.items ?? [];
    if (installation !== undefined) return known(true, inObject(installation));
    const workload = calicoNode(read);
    if (workload === undefined) return unknown(missingObjects('daemonsets.apps'));
    const owners = workload.object.metadata.ownerReferences;
    const owned =
      Array.isArray(owners) &&
      owners.some((owner: unknown) => (owner as { kind?: unknown } | null)?.kind === 'Installation');
    return known(
      owned || workload.object.metadata.namespace === 'calico-system',
      inObject(workload, '/metadata'),
    );
  },
};

/** The DaemonSet of calico-node, else what is deployed beside it. */
function calicoNode(read: Reader): StoredObject | undefined {
  const workloads = [read.objects('daemonsets.apps'), read.objects('deployments.apps')];
  return workloads
    .flatMap((list) => list?.items ?? [])
    .find(({ object }) => {
      const template = (object.spec as { template?: { spec?: PodSpec } } | undefined)?.template;
      return containersOf(template?.spec).some(({ component }) => COMPONENTS.has(component));
    });
}

type PodSpec = Parameters<typeof containersOf>[0];

const COMPONENTS = new Set(['calico-node', 'calico-kube-controllers']);
