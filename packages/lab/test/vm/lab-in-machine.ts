import { release } from 'node:os';
import { usualFlows } from '../../src/check/flows.ts';
import { isSendable, sendFlow } from '../../src/check/send.ts';
import { completeOptions, type LabOptions } from '../../src/cluster/options.ts';
import type { Cluster } from '../../src/cluster/plan.ts';
import { collectText } from '../../src/collect/collect.ts';
import type { Extent } from '../../src/collect/probes.ts';
import { FAULTS } from '../../src/faults/index.ts';
import { breakLab, downLab, type Fault, type Flow, runAgent, upLab } from '../../src/index.ts';
import { differing, type FaultRecord, type LabRecord, type Sent } from '../record.ts';
import { applyRemedy, causeOf } from '../remedy.ts';

/** How long is waited for an answer that should come, on an emulated machine beside others. */
const LONG_MS = 60_000;
const SHORT_MS = 5000;

/**
 * What runs inside the machine: builds a lab, sends the usual flows, then breaks and mends it, one fault after the other.
 * Arguments: what the lab is to be, as JSON; names of faults with commas. Prints the record. As `agent CONFIG` it
 * is the agent of a lab.
 */
const [first = '{}', second = ''] = process.argv.slice(2);
if (first === 'agent') await runAgent(second);
else await record(completeOptions(JSON.parse(first)), second.split(','));

async function record(options: LabOptions, faults: readonly string[]): Promise<void> {
  const agentCommand = [process.execPath, process.argv[1] ?? '', 'agent'];
  const cluster = await upLab({ ...options, agentCommand });
  const files = await collectText(cluster, 'for-walks');
  const flows = usualFlows(cluster).filter((flow) => isSendable(cluster, flow));
  const sent = await send(cluster, flows, LONG_MS);
  const broken: FaultRecord[] = [];
  for (const fault of FAULTS.filter(({ id }) => faults.includes(id))) {
    const rebuild = (): Promise<Cluster> => upLab({ ...options, agentCommand });
    // Connections that worked would hide that none does any more.
    if (!fault.isInEvidence) await rebuild();
    broken.push(await breakAndMend(cluster, fault, files));
    // What a fault told the API can not be taken back.
    if (fault.change !== undefined) await rebuild();
  }
  const result: LabRecord = { options, kernel: release(), files, sent, faults: broken };
  process.stdout.write(JSON.stringify(result));
  await downLab(options.name);
}

async function breakAndMend(
  well: Cluster,
  fault: Fault,
  before: Readonly<Record<string, string>>,
): Promise<FaultRecord> {
  const { name } = well.options;
  const { breaks } = await breakLab(name, fault.id);
  const collect = (extent: Extent): Promise<Record<string, string>> =>
    collectText(fault.change?.(well) ?? well, extent);
  const untouched = fault.isInEvidence ? await collect('for-walks') : undefined;
  const sent = await send(well, breaks, SHORT_MS);
  // What is lost between nodes only shows in what they remember of connections that were tried.
  const files = untouched ?? (await collect('all'));
  const [flow] = breaks;
  const cause = flow === undefined ? undefined : await causeOf(files, flow, fault.id);
  await applyRemedy(name, fault, cause);
  return {
    id: fault.id,
    changed: differing(files, before),
    sent,
    ...(cause === undefined ? {} : { cause }),
    mended: await send(well, breaks, LONG_MS),
  };
}

async function send(cluster: Cluster, flows: readonly Flow[], timeoutMs: number): Promise<readonly Sent[]> {
  return await Promise.all(
    flows.map(async (flow) => ({ flow, outcome: await sendFlow(cluster, flow, timeoutMs) })),
  );
}
