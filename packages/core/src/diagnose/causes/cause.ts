import type { Trail } from '../../datapath/follow.ts';
import type { Network } from '../../datapath/model/network.ts';
import type { Asked } from '../../datapath/question.ts';
import type { Snapshot } from '../../facts/snapshot/snapshot.ts';
import type { Cause, Direction } from '../model/diagnosis.ts';

/** All causes that a diagnosis can name. Faults of labs bear the names of the causes they bring about. */
export const CAUSE_IDS = [
  'pod-route-missing',
  'host-route-missing',
  'pod-interface-down',
  'neighbour-wrong',
  'proxy-arp-off',
  'tunnel-fdb-wrong',
  'tunnel-endpoint-unknown',
  'tunnel-peer-filtered',
  'node-address-wrong',
  'address-conflict',
  'mtu-too-big',
  'rp-filter',
  'forwarding-off',
  'underlay-filter',
  'checksum-offload',
  'filter-rule',
  'network-policy',
  'backends-mixed',
  'service-rule-missing',
  'service-no-ready-endpoints',
  'stale-dnat-target',
  'ipvs-server-missing',
  'dns-broken',
  'unexplained',
] as const;
export type CauseId = (typeof CAUSE_IDS)[number];

/** One walk of a diagnosis: the request, its answer, or the lookup of the name. */
export interface Leg {
  readonly direction: Direction;
  /** How likely this way is taken, from 0 to 1. */
  readonly probability: number;
  readonly trail: Trail;
}

/** What a cause is looked for in. */
export interface DiagnosisContext {
  readonly snapshot: Snapshot;
  readonly network: Network;
  readonly asked: Asked;
  readonly legs: readonly Leg[];
}

/** One kind of cause. A definition looks at a leg alone and names only what it proves. */
export interface CauseDefinition {
  readonly id: CauseId;
  /** A few words for headings, for example `route inside the pod is missing`. */
  readonly title: string;
  /** Every instance of this cause that the leg shows; none where it is not to blame. */
  find(leg: Leg, context: DiagnosisContext): readonly Cause[];
}
