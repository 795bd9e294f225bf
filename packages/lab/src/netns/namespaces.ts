import { netnsPrefix } from '../cluster/plan.ts';
import { runCommand, tryCommand } from './driver.ts';

/** Network namespaces that belong to a lab, whether its state is known or not. */
export async function namespacesOf(lab: string): Promise<readonly string[]> {
  return (await allNames()).filter((name) => name.startsWith(netnsPrefix(lab)));
}

/** Names of labs that have left network namespaces. */
export async function labsWithNamespaces(): Promise<readonly string[]> {
  const labs = (await allNames()).flatMap((name) => /^netvet-([a-z0-9]{1,12})-/.exec(name)?.[1] ?? []);
  return [...new Set(labs)].sort();
}

/** Ends the processes inside the namespaces of a lab and removes them, with all interfaces in them. */
export async function removeNamespaces(lab: string): Promise<void> {
  for (const name of await namespacesOf(lab)) {
    const pids = (await tryCommand(['ip', 'netns', 'pids', name])) ?? '';
    for (const pid of pids.split('\n').filter((line) => line !== '')) endProcess(Number(pid));
    await runCommand({ run: ['ip', 'netns', 'del', name] });
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

async function allNames(): Promise<readonly string[]> {
  const listed = (await tryCommand(['ip', 'netns', 'list'])) ?? '';
  return listed.split('\n').flatMap((line) => line.split(' ')[0] || []);
}
