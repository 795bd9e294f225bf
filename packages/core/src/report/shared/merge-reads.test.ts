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

it('makes one command of reads of kernel settings', () => {
  const merged = mergeReads(['sysctl net.b', 'sysctl net.a net.b', "sysctl -ar 'rp_filter'"]);

  expect(merged.get('sysctl net.b')).toBe('sysctl net.a net.b');
  expect(merged.get("sysctl -ar 'rp_filter'")).toBe("sysctl -ar 'rp_filter'");
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
