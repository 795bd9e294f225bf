import { expect, it } from 'vitest';
import { mergeReads } from './merge-reads.ts';

it('makes one command of reads that every cluster answers', () => {
  const reads = [
    'kubectl get daemonsets,pods -A -o json',
    'kubectl get daemonsets.apps -A -o json',
    'kubectl get nodes -o json',
  ];

  const merged = mergeReads(reads);

  expect(new Set(merged.values())).toEqual(new Set(['kubectl get daemonsets.apps,nodes,pods -A -o json']));
});

it.each([
  'kubectl get ippools.crd.projectcalico.org -A -o json',
  'kubectl get pods,gateways.gateway.networking.k8s.io -A -o json',
  'kubectl get pods -A -o json (or ask the image)',
  'kubectl -n kube-system get configmap kube-proxy -o yaml',
  'ipset save',
])('leaves %j as it is: it may fail, or is something else', (command) => {
  const merged = mergeReads([command, 'kubectl get pods -A -o json']);

  expect(merged.get(command)).toBe(command);
  expect(merged.get('kubectl get pods -A -o json')).toBe('kubectl get pods -A -o json');
});
