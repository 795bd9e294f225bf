import { Network } from '../../datapath/model/network.ts';
import type { Snapshot } from '../../facts/snapshot/snapshot.ts';
import type { Family } from '../../net/address.ts';
import { checkPairs } from './check-pairs.ts';
import { checkServices } from './check-services.ts';
import { CLUSTER_DIAGNOSIS_SCHEMA, type ClusterDiagnosis, type PairProblem } from './model.ts';
import { problemsOf } from './problems.ts';
import { Tally } from './tally.ts';

export interface ClusterDiagnosisOptions {
  /** Which addresses of pods and nodes are asked for; those of IPv4 unless told otherwise. */
  readonly family?: Family;
}

/**
 * Checks every pod and every node against every other one, and every service, and names what stops those that do not arrive.
 * Not every pair is walked: what one walk shows holds for all pairs that its evidence can not tell apart.
 *
 * ```ts
 * diagnoseCluster(snapshot)
 *   → { members: { pairs: 1_048_576, broken: 2_048, … }, problems: [{ pairs: 2_048, text: 'n7 has no route to …', … }], … }
 * ```
 */
export function diagnoseCluster(
  snapshot: Snapshot,
  { family = 4 }: ClusterDiagnosisOptions = {},
  network: Network = new Network(snapshot),
): ClusterDiagnosis {
  const check = checkPairs(network, family);
  const pairs = new Tally();
  check.eachPair((from, to, count, outcome) => pairs.add(from, to, count, outcome));
  const services = new Tally();
  const serviceWalks = checkServices(network, check.members, services);
  const ofPairs = problemsOf(snapshot, network, pairs.groups);
  const ofServices = problemsOf(snapshot, network, services.groups);
  const serviceCount = network.objects('services')?.length ?? 0;
  return {
    schema: CLUSTER_DIAGNOSIS_SCHEMA,
    nodes: check.nodes,
    pods: check.members.filter(({ kind }) => kind === 'pod').length,
    services: serviceCount,
    members: pairs.counts(brokenBeyond(ofPairs, pairs)),
    toServices: services.counts(brokenBeyond(ofServices, services)),
    classes: check.units,
    walks: check.walks() + serviceWalks,
    problems: [...ofPairs, ...ofServices].sort((left, right) =>
      left.reach === right.reach ? right.pairs - left.pairs : left.reach === 'broken' ? -1 : 1,
    ),
  };
}

/** Pairs that a cause proves to be broken, where the walk alone left it open. */
function brokenBeyond(problems: readonly PairProblem[], tally: Tally): number {
  const found = problems.reduce((sum, { reach, pairs }) => sum + (reach === 'broken' ? pairs : 0), 0);
  return found - tally.counts(0).broken;
}
