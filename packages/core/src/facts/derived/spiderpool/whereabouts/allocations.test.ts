import { describe, expect, it } from 'vitest';
import { list, shown } from '../../../../../test/fact-evidence.ts';

const pools = (allocations: object) => ({
  'cluster/ippools.whereabouts.cni.cncf.io.json': list({
    metadata: { name: '10.9.0.0-24', namespace: 'kube-system' },
    spec: { range: '10.9.0.0/24', allocations },
  }),
});
const pod = (name: string, ips: readonly string[]) => ({
  metadata: {
    name,
    namespace: 'web',
    annotations: {
      'k8s.v1.cni.cncf.io/network-status': JSON.stringify([
        { name: 'cni0', default: true, ips: ['10.244.0.7'] },
        { name: 'web/macvlan', interface: 'net1', ips },
      ]),
    },
  },
  status: { phase: 'Running' },
});

describe('allocations of whereabouts', () => {
  it('leak where their pod is gone', async () => {
    const files = {
      ...pools({ 5: { id: 'x', podref: 'web/a' }, 6: { id: 'y', podref: 'web/gone' } }),
      'cluster/pods.json': list(pod('a', ['10.9.0.5'])),
    };
    expect(await shown(files, 'whereabouts.leaked-allocations')).toBe(
      'web/gone (10.9.0.0-24 +6) (uncertain)',
    );
    expect(await shown(pools({}), 'whereabouts.leaked-allocations')).toBe('unknown');
  });

  it('are given twice', async () => {
    const files = {
      ...pools({ 5: { id: 'x', podref: 'web/a' } }),
      'cluster/pods.json': list(pod('a', ['10.9.0.5']), pod('b', ['10.9.0.5'])),
    };
    expect(await shown(files, 'whereabouts.duplicate-ips')).toBe('10.9.0.5: web/a and web/b');
  });

  it('are missing for a reservation', async () => {
    const reservation = {
      metadata: { name: '10.9.0.9', namespace: 'kube-system', creationTimestamp: '2026-11-20T08:00:00Z' },
      spec: { podref: 'web/z' },
    };
    const files = {
      ...pools({ 5: { id: 'x', podref: 'web/a' } }),
      'cluster/overlappingrangeipreservations.whereabouts.cni.cncf.io.json': list(reservation),
    };
    expect(await shown(files, 'whereabouts.orphan-reservations')).toBe('10.9.0.9');
  });
});
