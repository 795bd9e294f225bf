import type { Disposition, NotModelled } from '../../datapath/model/answer.ts';
import type { Cause } from '../model/diagnosis.ts';

export const CLUSTER_DIAGNOSIS_SCHEMA = 'netvet.dev/cluster-diagnosis/v1';

/** Members of a cluster: how many there are, and the first of their names. */
export interface NamedMembers {
  readonly count: number;
  /** `pod/default/web`, `node/n1`, `service/default/web:80`; at most ten. */
  readonly first: readonly string[];
}

/** Pairs that fail, or of which nobody knows, for one and the same reason. */
export interface PairProblem {
  readonly reach: 'broken' | 'unknown';
  /** How many pairs, each direction counted for itself. */
  readonly pairs: number;
  readonly from: NamedMembers;
  readonly to: NamedMembers;
  /** A question of `diagnose` and `trace` that shows it. */
  readonly question: { readonly from: string; readonly to: string; readonly protocol?: string };
  /** How the packet of that question ends; undefined where the question can not be asked. */
  readonly disposition: Disposition | undefined;
  /** One sentence: the first cause that blocks, else how the packet ends. */
  readonly text: string;
  /** The causes of that question. */
  readonly causes: readonly Cause[];
  /** What is missing for an answer. */
  readonly notModelled: readonly NotModelled[];
}

/** How many pairs there are, and what becomes of them. */
export interface PairCounts {
  readonly pairs: number;
  /** The packet arrives and its answer comes back. */
  readonly reachable: number;
  /** The packet, or the answer, comes to its node and is handed to the pod, whose network namespace was not collected. */
  readonly handedOver: number;
  readonly broken: number;
  readonly unknown: number;
}

/** Who can not reach whom in a whole cluster. */
export interface ClusterDiagnosis {
  readonly schema: typeof CLUSTER_DIAGNOSIS_SCHEMA;
  readonly nodes: number;
  readonly pods: number;
  readonly services: number;
  /** Each pod and each node to each other one. */
  readonly members: PairCounts;
  /** Each service from one pod or node of each group of nodes whose rules for services are alike. */
  readonly toServices: PairCounts;
  /** Into how many classes of members that no walk can tell apart it was divided, and how many walks it took. */
  readonly classes: number;
  readonly walks: number;
  /** What is broken first, then what is not known, each by number of pairs. */
  readonly problems: readonly PairProblem[];
}
