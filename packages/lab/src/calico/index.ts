import type { Cluster, NodePlan } from '../cluster/plan.ts';
import { type Family, formatTables } from '../firewall/restore.ts';
import { filterRules } from './filter.ts';
import { natRules, rawRules } from './nat.ts';

/** Felix's rules of a node as input of a restore tool, in a small form that decides like the real ones. */
export function calicoRules(cluster: Cluster, node: NodePlan, family: Family): string {
  return formatTables({
    raw: rawRules(cluster, family),
    nat: natRules(cluster, family),
    filter: filterRules(cluster, node, family),
  });
}
