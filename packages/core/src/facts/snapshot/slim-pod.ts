type Fields = Readonly<Record<string, unknown>>;

const DROPPED_FROM_SPEC = new Set(['tolerations', 'affinity', 'topologySpreadConstraints']);
const DROPPED_FROM_CONTAINER = new Set([
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
  'terminationMessagePath',
  'terminationMessagePolicy',
  'imagePullPolicy',
]);

const DROPPED_FROM_CONTAINER_STATUS = new Set([
  'containerID',
  'imageID',
  'started',
  'allocatedResources',
  'resources',
  'volumeMounts',
  'user',
]);

/** Volumes that the API server adds to every pod, under a name of its own for each. */
const TOKEN_VOLUME = /^kube-api-access-|-token-[a-z0-9]{5}$/;

/**
 * Takes out of a pod's spec what no issue and no trace reads, and the token volume whose random name would keep the
 * containers of two pods of one Deployment from being equal.
 */
export function slimPodSpec(spec: Fields): Fields {
  const kept: Record<string, unknown> = {};
  for (const field in spec) {
    if (DROPPED_FROM_SPEC.has(field)) continue;
    const value = spec[field];
    if (field === 'volumes') kept[field] = withoutTokens(value);
    else if (field === 'containers' || field === 'initContainers') kept[field] = slimContainers(value);
    else kept[field] = value;
  }
  return kept;
}

function slimContainers(containers: unknown): unknown {
  if (!Array.isArray(containers)) return containers;
  return containers.map((container: unknown) => {
    if (typeof container !== 'object' || container === null) return container;
    const kept: Record<string, unknown> = {};
    for (const field in container) {
      if (DROPPED_FROM_CONTAINER.has(field)) continue;
      const value = (container as Fields)[field];
      kept[field] = field === 'volumeMounts' ? withoutTokens(value) : value;
    }
    return kept;
  });
}

function withoutTokens(named: unknown): unknown {
  if (!Array.isArray(named)) return named;
  return named.filter(
    (one: { name?: unknown } | null) => typeof one?.name !== 'string' || !TOKEN_VOLUME.test(one.name),
  );
}

/** Takes ids and probe times out of a pod's status, a third of what 150,000 pods would keep in memory. */
export function slimPodStatus(status: Fields): Fields {
  const kept: Record<string, unknown> = {};
  for (const field in status) {
    const value = status[field];
    if (field === 'containerStatuses' || field === 'initContainerStatuses') {
      kept[field] = Array.isArray(value) ? value.map(slimContainerStatus) : value;
    } else if (field === 'conditions') kept[field] = slimConditions(value);
    else if (field !== 'qosClass') kept[field] = value;
  }
  return kept;
}

/** Whether the pod is ready, and whatever is not as it should be. */
function slimConditions(conditions: unknown): unknown {
  if (!Array.isArray(conditions)) return conditions;
  return conditions.filter(
    (one: { type?: unknown; status?: unknown } | null) => one?.type === 'Ready' || one?.status !== 'True',
  );
}

function slimContainerStatus(status: unknown): unknown {
  if (typeof status !== 'object' || status === null) return status;
  const kept: Record<string, unknown> = {};
  for (const field in status) {
    if (!DROPPED_FROM_CONTAINER_STATUS.has(field)) kept[field] = (status as Fields)[field];
  }
  return kept;
}
