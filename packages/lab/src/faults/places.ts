import type { Flow } from '../check/flows.ts';
import type { LabOptions } from '../cluster/options.ts';
import {
  type Cluster,
  type NodePlan,
  nodeNamed,
  type PodPlan,
  podNamed,
  SERVER_PORT,
} from '../cluster/plan.ts';
import { modeById } from '../modes/index.ts';

/** The node that faults happen on, with the pod that sends. */
export function nearNode(cluster: Cluster): NodePlan {
  return nodeNamed(cluster, 'n1');
}

/** The node of the pod that is sent to; in another subnet where there are two. */
export function farNode(cluster: Cluster): NodePlan {
  return nodeNamed(cluster, `n${cluster.nodes.length}`);
}

/** The pod that sends. */
export function client(cluster: Cluster): PodPlan {
  return podNamed(cluster, 'client-n1');
}

/** The pod that is sent to. */
export function server(cluster: Cluster): PodPlan {
  return podNamed(cluster, `web-${farNode(cluster).name}`);
}

/** From the client to the server. */
export function podToPod(cluster: Cluster): Flow {
  const { name } = server(cluster);
  return { from: 'pod/default/client-n1', to: `pod/default/${name}:${SERVER_PORT}`, protocol: 'tcp' };
}

/** From the client to the Service `web`. */
export const POD_TO_SERVICE: Flow = {
  from: 'pod/default/client-n1',
  to: 'service/default/web:80',
  protocol: 'tcp',
};

/** Why there is no tunnel of this kind. */
export function needsVxlan({ mode }: LabOptions): string | undefined {
  return modeById(mode).tunnel?.kind === 'vxlan' ? undefined : `mode ${mode} has no VXLAN tunnel`;
}

/** Why Calico has no part in it. */
export function needsCalico({ mode }: LabOptions): string | undefined {
  return modeById(mode).isCalico ? undefined : `mode ${mode} is not Calico`;
}

/** Why there are no Services. */
export function needsServices({ proxy }: LabOptions): string | undefined {
  return proxy === 'none' ? 'the lab has no Services' : undefined;
}
