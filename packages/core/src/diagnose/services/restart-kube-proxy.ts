import type { CauseRemedy } from '../model/diagnosis.ts';

/** Starts kube-proxy of a node anew, which writes all of its rules. */
export function restartKubeProxy(node: string): CauseRemedy {
  return {
    kind: 'restart',
    component: 'kube-proxy',
    text: `Restart kube-proxy on ${node}, which writes all its rules anew; when they are wrong again, its log says why.`,
    command: `kubectl -n kube-system delete pod -l k8s-app=kube-proxy --field-selector spec.nodeName=${node}`,
  };
}
