import { type FactDefinition, known, unknown } from '../../fact.ts';
import { spiderpoolNamespace } from './workloads.ts';

/** Namespace of the Spiderpool release, for commands in remedies. */
export const installationNamespace: FactDefinition<string> = {
  id: 'spiderpool.namespace',
  title: 'namespace of Spiderpool',
  level: 'cluster',
  fromText: (text) => (text === '' ? undefined : text),
  compute(read) {
    const found = spiderpoolNamespace(read);
    if (found !== undefined) return known(found.value, found.origin);
    return unknown({
      fact: 'namespace of Spiderpool',
      command: 'kubectl get daemonsets,deployments,pods -A -o json',
    });
  },
};
