import { type FactDefinition, known, unknown } from '../../fact.ts';
import { inObject } from '../../reader.ts';

/** Cloud of the node by its provider id: `azure`, `aws`, `gce` …; null where it has none. */
export const provider: FactDefinition<string | null> = {
  id: 'calico.provider',
  title: 'cloud provider of the node',
  level: 'node',
  compute(read) {
    const node = read.nodeObject();
    if (node === undefined)
      return unknown({ fact: 'provider id of the node', command: 'kubectl get nodes -o json' });
    const id = (node.object.spec as { providerID?: unknown } | undefined)?.providerID;
    const name = typeof id === 'string' ? /^([a-z]+):\/\//.exec(id)?.[1] : undefined;
    return known(name ?? null, inObject(node, name === undefined ? '/spec' : '/spec/providerID'));
  },
};
