import { describe, expect, it } from 'vitest';
import { formatFact } from '../../fact.ts';
import { factById } from '../../registry.ts';
import { loadSnapshot } from '../../snapshot/load.ts';
import { ClusterSubject, ObjectSubject } from '../../subjects.ts';
import { ownerOfFinalizer } from './finalizers.ts';

const encoder = new TextEncoder();

/** A fact about the first object of a resource, as text. */
async function shown(files: Readonly<Record<string, object>>, resource: string, id: string): Promise<string> {
  const snapshot = await loadSnapshot(
    Object.entries(files).map(([path, content]) => ({
      path,
      chunks: [encoder.encode(JSON.stringify(content))],
    })),
  );
  const cluster = new ClusterSubject(snapshot, { now: '2026-11-20T12:00:00Z' });
  const stored = snapshot.objects.get(resource)?.items[0];
  const definition = factById(id);
  if (stored === undefined || definition === undefined) throw new Error(`no ${resource} or no fact ${id}`);
  const fact = new ObjectSubject(cluster, stored, 'object').fact(definition, '');
  return fact.state === 'known' ? formatFact(definition, fact.value) : 'unknown';
}

function namespace(metadata: object, status: object = {}): object {
  return { kind: 'NamespaceList', items: [{ metadata: { name: 'shop', ...metadata }, status }] };
}

describe('kubernetes.deletion-overdue-seconds', () => {
  const id = 'kubernetes.deletion-overdue-seconds';
  const pod = { metadata: { name: 'db-0', namespace: 'shop', deletionTimestamp: '2026-11-20T12:10:00Z' } };

  it.each([
    [
      'since the deletion time',
      { 'cluster/namespaces.json': namespace({ deletionTimestamp: '2026-11-20T11:00:00Z' }) },
      '3600 s',
    ],
    [
      'since the end of the longest grace of its pods',
      {
        'cluster/namespaces.json': namespace({ deletionTimestamp: '2026-11-20T11:00:00Z' }),
        'cluster/pods.json': { items: [pod] },
      },
      '-600 s',
    ],
    ['never without a deletion time', { 'cluster/namespaces.json': namespace({}) }, 'unknown'],
    [
      'never with a damaged one',
      { 'cluster/namespaces.json': namespace({ deletionTimestamp: 'soon' }) },
      'unknown',
    ],
  ])('counts %s', async (_, files, text) => {
    expect(await shown(files, 'namespaces', id)).toBe(text);
  });
});

describe('kubernetes.namespace-blockers', () => {
  const id = 'kubernetes.namespace-blockers';

  it('names objects of the kinds that the status lists', async () => {
    const conditions = [
      {
        type: 'NamespaceContentRemaining',
        status: 'True',
        reason: 'SomeResourcesRemain',
        message: 'Some resources are remaining: widgets.example.com has 1 resource instances',
      },
      { type: 'NamespaceDeletionContentFailure', status: 'False', reason: 'ContentDeleted', message: 'fine' },
    ];
    const widget = { metadata: { name: 'w', namespace: 'shop', finalizers: ['example.com/cleanup'] } };
    const text = await shown(
      {
        'cluster/namespaces.json': namespace({}, { conditions }),
        'cluster/widgets.example.com.json': { items: [widget] },
      },
      'namespaces',
      id,
    );
    expect(text).toContain('NamespaceContentRemaining (SomeResourcesRemain)');
    expect(text).toContain('shop/w remains with example.com/cleanup of the operator of example.com');
    expect(text).not.toContain('ContentDeleted');
  });

  it('says so where the evidence shows nothing', async () => {
    expect(await shown({ 'cluster/namespaces.json': namespace({}) }, 'namespaces', id)).toBe(
      'nothing that the evidence shows',
    );
  });
});

describe('kubernetes.finalizer-owners', () => {
  const id = 'kubernetes.finalizer-owners';
  const service = { metadata: { name: 'web', namespace: 'shop', finalizers: ['service.k8s.aws/resources'] } };
  const controller = (ready: number) => ({
    metadata: { name: 'aws-load-balancer-controller', namespace: 'kube-system' },
    spec: {
      template: {
        spec: { containers: [{ image: 'public.ecr.aws/eks/aws-load-balancer-controller:v2.7.1' }] },
      },
    },
    status: { readyReplicas: ready },
  });

  it.each([
    [{}, 'AWS Load Balancer Controller; forcing'],
    [{ 'cluster/deployments.apps.json': { items: [] } }, 'of which no workload was found'],
    [{ 'cluster/deployments.apps.json': { items: [controller(0)] } }, 'which has no ready pods'],
    [{ 'cluster/deployments.apps.json': { items: [controller(2)] } }, 'which has ready pods'],
  ])('tells whether the owner runs %#', async (files, text) => {
    expect(
      await shown({ 'cluster/services.json': { items: [service] }, ...files }, 'services', id),
    ).toContain(text);
  });

  it.each([
    ['group.ingress.k8s.aws/shared', 'AWS Load Balancer Controller'],
    ['networking.gke.io/ingress-finalizer-V2', 'GKE ingress controller'],
    ['example.com/cleanup', 'the operator of example.com'],
    ['mine', 'whoever uses the name mine'],
  ])('knows the owner of %s', (finalizer, owner) => {
    expect(ownerOfFinalizer(finalizer).owner).toBe(owner);
  });
});
