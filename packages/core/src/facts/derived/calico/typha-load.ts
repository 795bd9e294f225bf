import { type FactDefinition, known, unknown } from '../../fact.ts';
import { inObject, missingObjects } from '../../reader.ts';

/** Nodes for each replica of Typha; null where no Typha is deployed. */
export const nodesPerTypha: FactDefinition<number | null> = {
  id: 'calico.nodes-per-typha',
  title: 'nodes per replica of Typha',
  level: 'cluster',
  compute(read) {
    const deployments = read.objects('deployments.apps');
    const nodes = read.objects('nodes');
    const typha = deployments?.items.find(({ object }) => object.metadata.name === 'calico-typha');
    if (typha === undefined && deployments?.complete === true) {
      return known(null, ...deployments.files.map((file) => ({ file })));
    }
    if (typha === undefined) return unknown(missingObjects('deployments.apps'));
    if (nodes?.complete !== true) return unknown(missingObjects('nodes'));
    const spec = typha.object.spec as { replicas?: unknown } | undefined;
    const replicas = typeof spec?.replicas === 'number' ? spec.replicas : 1;
    const names = new Set(nodes.items.map(({ object }) => object.metadata.name));
    const load = replicas === 0 ? names.size : Math.ceil(names.size / replicas);
    return known(load, inObject(typha, '/spec/replicas'), ...nodes.files.map((file) => ({ file })));
  },
};
