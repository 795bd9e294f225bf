import type { CollectedFile } from '@netvet/collect';
import { planAgents, startAgents } from './agents/start.ts';
import { buildCluster } from './build/cluster.ts';
import { checkCluster } from './check/check.ts';
import type { Flow } from './check/flows.ts';
import type { Judgement } from './check/judge.ts';
import { completeOptions, type LabOptions } from './cluster/options.ts';
import { type Cluster, planCluster } from './cluster/plan.ts';
import { collectFiles, collectText } from './collect/collect.ts';
import { modeById } from './modes/index.ts';
import { runAll } from './netns/driver.ts';
import { labsWithNamespaces, removeNamespaces } from './netns/namespaces.ts';
import { proxyFeatures, requireFeatures } from './netns/requirements.ts';
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
    names.map(async (name) =>
      remembered.includes(name) ? { name, state: await readState(name) } : { name },
    ),
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

async function clusterOf(name: string): Promise<Cluster> {
  const { options } = await readState(name);
  return planCluster(options);
}
