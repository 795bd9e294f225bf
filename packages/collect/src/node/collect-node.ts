import { readdir } from 'node:fs/promises';
import { type AnyProbe, PROBES, type ProbeSource, type ProbeStatus } from '@netvet/core';
import { type CollectedFile, sealFile } from '../manifest/collected-file.ts';
import { runCommandProbe } from './command-probe.ts';
import { type ProbeContext, runProgram, seal } from './context.ts';
import { CONCURRENCY, MAX_BYTES, MAX_NAMESPACES, MAX_SENSITIVE_BYTES, TIMEOUT_MS } from './defaults.ts';
import { runFileProbe } from './file-probe.ts';
import { type Host, onHost, thisHost } from './host.ts';
import { entering, findNamespaces, interfacesIn, isPlainName } from './namespaces.ts';
import { inOrder } from './ordered.ts';
import type { Outcome } from './outcome.ts';
import { failure } from './read-limited.ts';
import type { Limits } from './run-command.ts';
import { listCniBinaries } from './special/cni-bin.ts';
import { listIptablesPath } from './special/iptables-path.ts';
import { listKubeletFlags } from './special/kubelet-flags.ts';
import { listAvailableModules } from './special/modules-available.ts';
import { askProxyMode, proxyModeRequest } from './special/proxy-mode.ts';

export interface CollectNodeOptions {
  /** Name of the node in the snapshot; the host name unless given. */
  readonly name?: string;
  /** Time for each probe; 30 s unless given. */
  readonly timeoutMs?: number;
  /** Size of each probe's output; 256 MiB unless given. */
  readonly maxBytes?: number;
  /** Other limits for single probes, by their ids. */
  readonly limits?: Readonly<Record<string, Partial<Limits>>>;
  /** Probes run at the same time; 4 unless given. */
  readonly concurrency?: number;
  /** Only probes with these ids. */
  readonly probes?: readonly string[];
  /** False leaves out the network namespaces of pods, which need root. */
  readonly namespaces?: boolean;
  /** Command that runs another in the network namespace to look at instead of the host's own: `['ip', 'netns', 'exec', NAME]`. */
  readonly enter?: readonly string[];
  /** Most network namespaces that are looked into; 300 unless given. */
  readonly maxNamespaces?: number;
  /** Stops the probes that run; those that did not run yet end as `timed-out`. */
  readonly signal?: AbortSignal;
  /** The machine; this one unless given. */
  readonly host?: Host;
}

type Task = () => Promise<readonly CollectedFile[]>;

/**
 * Runs every probe on this host and gives the files and entries of a snapshot, in a fixed order. Nothing of the host is
 * changed, no kernel module is loaded, and no secret is in what comes out. Works as any user: what was refused is told
 * by the status of the entry. Never throws.
 */
export async function* collectNode(
  options: CollectNodeOptions = {},
): AsyncGenerator<CollectedFile, void, undefined> {
  const host = options.host ?? thisHost();
  const concurrency = Math.max(1, options.concurrency ?? CONCURRENCY);
  const context: ProbeContext = {
    host,
    directory: `nodes/${options.name ?? host.hostname}/`,
    enter: options.enter ?? [],
    limitsOf: (probe) => limitsOf(probe, options),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
  const probes = PROBES.filter(
    ({ id, source }) => source !== undefined && options.probes?.includes(id) !== false,
  );
  const interfaces =
    options.enter === undefined ? await hostInterfaces(host) : await namespaceInterfaces(context);
  yield* runAll(
    probes.flatMap((probe) => tasksOf(context, probe, interfaces)),
    concurrency,
  );
  if (options.namespaces !== false) yield* collectNamespaces(context, probes, options, concurrency);
}

function limitsOf(probe: AnyProbe, options: CollectNodeOptions): Limits {
  const maxBytes = options.maxBytes ?? MAX_BYTES;
  return {
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
    maxBytes: probe.sensitive === undefined ? maxBytes : Math.min(maxBytes, MAX_SENSITIVE_BYTES),
    ...options.limits?.[probe.id],
  };
}

async function* runAll(
  tasks: readonly Task[],
  concurrency: number,
): AsyncGenerator<CollectedFile, void, undefined> {
  for await (const files of inOrder(tasks, concurrency)) yield* files;
}

/** What there is to do for a probe: for each interface where it is of a family of them. */
function tasksOf(
  context: ProbeContext,
  probe: AnyProbe,
  interfaces: readonly string[] | Outcome,
): readonly Task[] {
  const guarded =
    (run: Task): Task =>
    async () => {
      try {
        return await run();
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        return [seal(context, probe, probe.file, { status: 'failed', message }, {})];
      }
    };
  const { source } = probe;
  if (source?.kind === 'file') return [guarded(() => runFileProbe(context, probe))];
  if (source?.kind === 'special') return [guarded(async () => [await runSpecial(context, probe, source)])];
  if (probe.each !== 'interface') return [guarded(() => runCommandProbe(context, probe))];
  if ('status' in interfaces) return [async () => [seal(context, probe, probe.file, interfaces, {})]];
  return interfaces.map((name) => guarded(() => runCommandProbe(context, probe, name)));
}

async function runSpecial(
  context: ProbeContext,
  probe: AnyProbe,
  { method, command }: Extract<ProbeSource, { kind: 'special' }>,
): Promise<CollectedFile> {
  const { host, limitsOf, signal } = context;
  const done = (outcome: Outcome): CollectedFile => seal(context, probe, probe.file, outcome, { command });
  switch (method) {
    case 'cni-bin':
      return done(await listCniBinaries(context, probe));
    case 'iptables-path':
      return done(await listIptablesPath(context, probe));
    case 'kubelet-flags':
      return done(await listKubeletFlags(host));
    case 'modules-available':
      return done(await listAvailableModules(context, probe));
    case 'kube-proxy-mode': {
      const request = proxyModeRequest(host.proxyPort);
      return seal(context, probe, probe.file, await askProxyMode(host, limitsOf(probe), signal), { request });
    }
  }
}

async function hostInterfaces(host: Host): Promise<readonly string[] | Outcome> {
  try {
    const entries = await readdir(onHost(host, '/sys/class/net'), { withFileTypes: true });
    // Beside the interfaces stands the file bonding_masters.
    return entries
      .filter((entry) => !entry.isFile())
      .map(({ name }) => name)
      .filter(isPlainName)
      .sort();
  } catch (error) {
    return failure(error);
  }
}

async function* collectNamespaces(
  context: ProbeContext,
  probes: readonly AnyProbe[],
  options: CollectNodeOptions,
  concurrency: number,
): AsyncGenerator<CollectedFile, void, undefined> {
  const { host, directory } = context;
  const missed = (name: string, status: ProbeStatus, message: string): CollectedFile =>
    sealFile({ path: `${directory}netns/${name}`, probe: 'netns', status, message });
  if (!host.isRoot) {
    yield missed('*', 'not-permitted', 'network namespaces of pods need root');
    return;
  }
  const found = await findNamespaces(host);
  const most = options.maxNamespaces ?? MAX_NAMESPACES;
  const inside = probes.filter(({ perNamespace }) => perNamespace);
  for (const namespace of found.slice(0, most)) {
    const enter = await entering(host, namespace);
    if (enter === undefined) {
      yield missed(namespace.name, 'not-found', 'nsenter: not found');
      continue;
    }
    const own: ProbeContext = { ...context, directory: `${directory}netns/${namespace.name}/`, enter };
    const interfaces = await namespaceInterfaces(own);
    yield* runAll(
      inside.flatMap((probe) => tasksOf(own, probe, interfaces)),
      concurrency,
    );
  }
  for (const { name } of found.slice(most))
    yield missed(name, 'timed-out', `more than ${most} network namespaces`);
}

/** sysfs still shows the interfaces of the host inside; `/proc/net` belongs to who reads it. */
async function namespaceInterfaces(context: ProbeContext): Promise<readonly string[] | Outcome> {
  const probe = PROBES.find(({ id }) => id === 'ip-link');
  if (probe === undefined) return [];
  const outcome = await runProgram(context, probe, ['cat', '/proc/net/dev']);
  return outcome.bytes === undefined ? outcome : interfacesIn(Buffer.from(outcome.bytes).toString('utf8'));
}
