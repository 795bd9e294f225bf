import { loadSnapshot, Network, type SnapshotFile } from '@netvet/core';
import type { Cluster } from '../cluster/plan.ts';
import { collectText } from '../collect/collect.ts';
import { type Flow, usualFlows } from './flows.ts';
import { isExpectedToWork, type Judgement, judge } from './judge.ts';
import { isSendable, sendFlow } from './send.ts';

/** How long an answer is waited for that should come, however busy or slow the machine is. */
const LONG_MS = 15_000;
/** How long one is waited for that should not come. */
const SHORT_MS = 2000;

/** Flows that are on their way at the same time. */
const AT_ONCE = 64;

/**
 * Sends every flow for real, collects the evidence of the lab, and compares. What is collected is collected first: packets leave
 * neighbours and connections behind, which are no part of what is wrong.
 */
export async function checkCluster(
  cluster: Cluster,
  flows: readonly Flow[] = usualFlows(cluster).filter((flow) => isSendable(cluster, flow)),
): Promise<readonly Judgement[]> {
  const files = await collectText(cluster, 'for-walks');
  const network = new Network(await loadSnapshot(asSnapshotFiles(files)));
  const judgements: Judgement[] = [];
  for (let start = 0; start < flows.length; start += AT_ONCE) {
    const batch = flows.slice(start, start + AT_ONCE);
    const outcomes = await Promise.all(
      batch.map(async (flow) => {
        const timeoutMs = isExpectedToWork(network, flow) ? LONG_MS : SHORT_MS;
        return { flow, outcome: await sendFlow(cluster, flow, timeoutMs) };
      }),
    );
    judgements.push(...outcomes.map(({ flow, outcome }) => judge(network, flow, outcome)));
  }
  return judgements;
}

function asSnapshotFiles(files: Readonly<Record<string, string>>): readonly SnapshotFile[] {
  return Object.entries(files).map(([path, text]) => ({ path, chunks: [Buffer.from(text)] }));
}
