import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { type Cluster, SERVER_PORT } from '../cluster/plan.ts';
import { LabError } from '../errors.ts';
import { socketOf } from '../state/places.ts';
import { callAgent } from './call.ts';
import type { AgentConfig } from './protocol.ts';

/** Most time until an agent listens; long enough for an emulated machine whose processors others use as well. */
const PATIENCE_MS = 600_000;
const PAUSE_MS = 50;

/** An agent and the namespace it runs in. */
export interface AgentPlan {
  readonly netns: string;
  readonly config: AgentConfig;
}

/** The agents of a lab: one in each node and each pod. */
export function planAgents({ options, nodes, pods, services }: Cluster): readonly AgentPlan[] {
  const own = (address: string, address6: string): readonly string[] =>
    options.ipv6 ? [address, address6] : [address];
  const names = Object.fromEntries(
    services.map(({ namespace, name, address, address6 }) => [
      `${name}.${namespace}.svc.cluster.local`,
      own(address, address6),
    ]),
  );
  const agent = (name: string, netns: string, addresses: readonly string[], isDns: boolean): AgentPlan => ({
    netns,
    config: {
      name,
      socket: socketOf(options.name, netns),
      port: SERVER_PORT,
      addresses,
      ...(isDns ? { dns: names } : {}),
    },
  });
  return [
    ...nodes.map((node) => agent(`node/${node.name}`, node.netns, own(node.address, node.address6), false)),
    ...pods.map((pod) =>
      agent(
        `pod/${pod.namespace}/${pod.name}`,
        pod.netns,
        // A pod has one address of a family, and may get another one.
        own('0.0.0.0', '::'),
        pod.labels['k8s-app'] === 'kube-dns',
      ),
    ),
  ];
}

/**
 * Starts agents, which outlive this process, and waits until all of them listen. Throws a `LabError` where one ends instead, or never
 * gets that far.
 */
export async function startAgents(agents: readonly AgentPlan[], command: readonly string[]): Promise<void> {
  const started = agents.map(({ netns, config }) => {
    const words = ['netns', 'exec', netns, ...command, JSON.stringify(config)];
    const child = spawn('ip', words, { detached: true, stdio: 'ignore' });
    child.on('error', () => undefined);
    child.unref();
    return { config, child };
  });
  await Promise.all(started.map(({ config, child }) => waitFor(config, child)));
}

async function waitFor({ name, socket }: AgentConfig, child: ChildProcess): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!hasEnded(child) && Date.now() < end) {
    try {
      await callAgent(socket, { kind: 'hello' });
      return;
    } catch {
      await delay(PAUSE_MS);
    }
  }
  throw new LabError('no-agent', `the agent of ${name} does not start`);
}

/** Whether it has ended, or has never come about. */
function hasEnded({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid === undefined || exitCode !== null || signalCode !== null;
}
