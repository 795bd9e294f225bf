import type { CollectedFile } from '@netvet/collect';
import { callAgent } from './agents/call.ts';
import { planAgents, startAgents } from './agents/start.ts';
import { buildCluster } from './build/cluster.ts';
import { checkCluster } from './check/check.ts';
import type { Flow } from './check/flows.ts';
import type { Judgement } from './check/judge.ts';
import { completeOptions, type LabOptions } from './cluster/options.ts';
import { type Cluster, planCluster, podNamed } from './cluster/plan.ts';
import { collectFiles, collectText } from './collect/collect.ts';
import { LabError } from './errors.ts';
import type { Fault } from './faults/fault.ts';
import { FAULTS, faultById } from './faults/index.ts';
import { modeById } from './modes/index.ts';
import { runAll } from './netns/driver.ts';
import { labsWithNamespaces, removeNamespaces } from './netns/namespaces.ts';
import { proxyFeatures, requireFeatures } from './netns/requirements.ts';
import { socketOf } from './state/places.ts';
import {
  type LabState,
  newState,
  readState,
  rememberedLabs,
  removeState,
  writeState,
} from './state/state.ts';

export interface UpOptions extends Partial<LabOptions> {
  /** Command that runs an agent, which gets its configuration as one more argument. Without it nobody serves or sends. */
  readonly agentCommand?: readonly string[];
}

/**
 * Builds a lab and remembers it; what is left of one with the same name is removed first. Throws a `LabError` that says what
 * this machine lacks, or which command failed.
 */
export async function upLab({ agentCommand, ...given }: UpOptions): Promise<Cluster> {
  const options = completeOptions(given);
  const mode = modeById(options.mode);
  const firewall = mode.isCalico ? (['ipset'] as const) : [];
  await requireFeatures(options.name, [...mode.features, ...firewall, ...proxyFeatures(options)]);
  await downLab(options.name);
  const cluster = planCluster(options);
  const state = newState(options);
  await writeState(state);
  await runAll(buildCluster(cluster));
  if (agentCommand !== undefined) await startAgents(planAgents(cluster), agentCommand);
  await writeState({ ...state, isComplete: true });
  return cluster;
}

/** Removes a lab and everything that is left of it; nothing else is touched. */
export async function downLab(name: string): Promise<void> {
  await removeNamespaces(name);
  await removeState(name);
}

/** A lab in a list. */
export interface LabSummary {
  readonly name: string;
  /** Absent where only namespaces are left of it. */
  readonly state?: LabState;
}

/** All labs of this machine, also those of which only namespaces are left. */
export async function listLabs(): Promise<readonly LabSummary[]> {
  const remembered = await rememberedLabs();
  const names = [...new Set([...remembered, ...(await labsWithNamespaces())])].sort();
  return await Promise.all(
    names.map(async (name): Promise<LabSummary> => {
      // Another command may remove it meanwhile.
      const state = remembered.includes(name) ? await readState(name).catch(() => undefined) : undefined;
      return state === undefined ? { name } : { name, state };
    }),
  );
}

/** Sends real packets through a lab and compares each with what the walk says; the usual ones unless flows are given. */
export async function checkLab(name: string, flows?: readonly Flow[]): Promise<readonly Judgement[]> {
  return await checkCluster(await clusterOf(name), flows);
}

/** The evidence of a lab as text, by path. */
export async function collectLab(name: string): Promise<Record<string, string>> {
  return await collectText(await clusterOf(name), 'all');
}

/** The evidence of a lab as files of a snapshot, with their entries in the manifest. */
export async function* collectLabFiles(name: string): AsyncGenerator<CollectedFile, void, undefined> {
  yield* collectFiles(await clusterOf(name));
}

/** A fault that was applied, with the flows that it breaks. */
export interface BrokenLab {
  readonly title: string;
  readonly breaks: readonly Flow[];
}

/**
 * Brings about a fault in a lab and remembers it. Nothing takes it back but the remedy of its cause, or building the lab again.
 * Throws a `LabError` where there is no such fault or the lab can not have it.
 */
export async function breakLab(name: string, faultId: string): Promise<BrokenLab> {
  const state = await readState(name);
  const fault = faultById(faultId);
  if (fault === undefined) {
    const known = FAULTS.map(({ id }) => id).join(', ');
    throw new LabError('no-such-fault', `there is no fault "${faultId}"; there are ${known}`);
  }
  const reason = fault.whyNot?.(state.options);
  if (reason !== undefined) throw new LabError('not-possible', `${faultId}: ${reason}`);
  const cluster = clusterAfter(state);
  const after = fault.change?.(cluster) ?? cluster;
  await runAll(fault.apply(cluster, after));
  await tellDnsServers(cluster, fault, 'stop-dns');
  await writeState({ ...state, faults: [...state.faults, faultId] });
  return { title: fault.title, breaks: fault.breaks(cluster) };
}

/**
 * Does what the remedy of a fault asks for where no command of a node does it. Throws a `LabError` where the lab does not have the
 * fault, or a node's command takes it back.
 */
export async function mendLab(name: string, faultId: string): Promise<void> {
  const state = await readState(name);
  const fault = faultById(faultId);
  if (fault === undefined || !state.faults.includes(faultId)) {
    throw new LabError('no-such-fault', `${name} does not have the fault "${faultId}"`);
  }
  if (fault.mend === undefined) {
    throw new LabError('not-possible', `${faultId}: the remedy that netvet diagnose gives takes it back`);
  }
  const after = { ...state, faults: state.faults.filter((id) => id !== faultId) };
  const cluster = clusterAfter(after);
  await runAll(fault.mend(cluster));
  await tellDnsServers(cluster, fault, 'start-dns');
  await writeState(after);
}

async function tellDnsServers(
  cluster: Cluster,
  { stopsDnsOf = [] }: Fault,
  kind: 'start-dns' | 'stop-dns',
): Promise<void> {
  for (const pod of stopsDnsOf) {
    const socket = socketOf(cluster.options.name, podNamed(cluster, pod).netns);
    // A lab without agents has no DNS server.
    await callAgent(socket, { kind }).catch(() => undefined);
  }
}

async function clusterOf(name: string): Promise<Cluster> {
  return clusterAfter(await readState(name));
}

/** The cluster as the API tells after the faults that were applied. */
function clusterAfter({ options, faults }: LabState): Cluster {
  return faults.reduce((cluster, id) => faultById(id)?.change?.(cluster) ?? cluster, planCluster(options));
}
