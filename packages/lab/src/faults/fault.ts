import type { Flow } from '../check/flows.ts';
import type { LabOptions } from '../cluster/options.ts';
import type { Cluster } from '../cluster/plan.ts';
import type { Command } from '../netns/command.ts';

/** One thing that goes wrong in clusters, brought about in a lab. */
export interface Fault {
  /** The name of the cause that a diagnosis should give. */
  readonly id: string;
  /** What is wrong, in a few words. */
  readonly title: string;
  /** Whether evidence of nodes and pods shows that packets are lost: what happens between nodes, it does not. */
  readonly isInEvidence: boolean;
  /** Why a lab with these options can not have the fault; undefined where it can. */
  whyNot?(options: LabOptions): string | undefined;
  /** What the API then tells. */
  change?(cluster: Cluster): Cluster;
  /** Commands that bring it about; `after` is the cluster as the API then tells. */
  apply(cluster: Cluster, after: Cluster): readonly Command[];
  /**
   * Commands that do what the remedy asks for, where no command of a node does it: something between the nodes, or pods that
   * become ready again. `cluster` is the one without the fault.
   */
  mend?(cluster: Cluster): readonly Command[];
  /** Pods, by name, whose DNS server stops. */
  readonly stopsDnsOf?: readonly string[];
  /** Flows that worked before and do no longer; none for what only may do harm. */
  breaks(cluster: Cluster): readonly Flow[];
}
