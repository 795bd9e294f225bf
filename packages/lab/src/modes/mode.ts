import type { Mode } from '../cluster/options.ts';
import type { Cluster, NodePlan, PodPlan } from '../cluster/plan.ts';
import type { Command } from '../netns/command.ts';
import type { Feature } from '../netns/requirements.ts';

/** How a network plugin joins pods to nodes and nodes to each other. */
export interface ModeDefinition {
  readonly id: Mode;
  /** A few words for lists. */
  readonly title: string;
  /** What the kernel has to have besides what every lab needs. */
  readonly features: readonly Feature[];
  /** Most bytes of a packet of a pod. */
  readonly podMtu: number;
  /** Whether Calico's chains and sets are there. */
  readonly isCalico: boolean;
  /** The tunnel device of every node; absent where packets travel as they are. */
  readonly tunnel?: { readonly device: string; readonly kind: 'vxlan' | 'ipip' };
  /** Joins a pod, whose namespace is there and empty, to its node. */
  attachPod(pod: PodPlan, cluster: Cluster): readonly Command[];
  /** Everything between a node and the others. Its cable is there. */
  connectNode(node: NodePlan, cluster: Cluster): readonly Command[];
}
