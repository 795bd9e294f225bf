import { stat } from 'node:fs/promises';
import { type AnyProbe, PROBES } from '@netvet/core';
import { type ProbeContext, runProgram } from '../context.ts';
import { candidatePaths } from '../file-probe.ts';
import { matchFiles } from '../glob.ts';
import { type Host, onHost } from '../host.ts';
import { exists } from '../modules.ts';
import type { Outcome } from '../outcome.ts';
import { flagOf, processesOf } from '../processes.ts';
import { failure, readLimited } from '../read-limited.ts';

/** Where runtimes look unless told otherwise. */
export const USUAL_DIRECTORY = '/opt/cni/bin';

/** Where distributions put plugins; listed only where they are there. */
export const OTHER_DIRECTORIES: readonly string[] = [
  '/usr/lib/cni',
  '/usr/libexec/cni',
  '/usr/libexec/cni/bin',
  '/var/lib/rancher/k3s/data/cni',
  '/var/lib/rancher/k3s/data/current/bin',
  '/var/lib/rancher/rke2/data/cni',
];

/** Files of CRI-O that may name directories. */
export const CRIO_FILES: readonly string[] = ['/etc/crio/crio.conf', '/etc/crio/crio.conf.d/*'];

/** `ls -l` of each directory of CNI plugins that the runtime and kubelet name, and of the usual ones. */
export async function listCniBinaries(context: ProbeContext, probe: AnyProbe): Promise<Outcome> {
  const { host } = context;
  const listed: Uint8Array[] = [];
  const named = await namedDirectories(context, probe);
  for (const directory of new Set([...named, USUAL_DIRECTORY, ...OTHER_DIRECTORIES])) {
    const missing = await whyMissing(onHost(host, directory));
    if (missing !== undefined) {
      const isAsked = named.includes(directory) || directory === USUAL_DIRECTORY;
      if (isAsked) listed.push(Buffer.from(`ls: cannot access '${directory}': ${missing}\n`));
      continue;
    }
    // The slash makes ls follow a link to a directory.
    const outcome = await runProgram(context, probe, ['ls', '-l', `${onHost(host, directory)}/`]);
    if (outcome.bytes !== undefined) listed.push(Buffer.from(`${directory}:\n`), outcome.bytes);
    else if (outcome.status === 'not-permitted') {
      listed.push(Buffer.from(`ls: cannot open directory '${directory}': Permission denied\n`));
    } else return outcome;
  }
  return { status: 'ok', bytes: Buffer.concat(listed) };
}

async function whyMissing(path: string): Promise<string | undefined> {
  try {
    return (await stat(path)).isDirectory() ? undefined : 'Not a directory';
  } catch (error) {
    return failure(error).status === 'not-permitted' ? 'Permission denied' : 'No such file or directory';
  }
}

async function namedDirectories(context: ProbeContext, probe: AnyProbe): Promise<readonly string[]> {
  const { host } = context;
  const found: string[] = [];
  for (const path of await configurationFiles(host)) {
    const { bytes } = await readLimited(onHost(host, path), context.limitsOf(probe).maxBytes);
    if (bytes !== undefined) found.push(...directoriesIn(Buffer.from(bytes).toString('utf8')));
  }
  for (const { words } of await processesOf(host, 'kubelet')) {
    found.push(...(flagOf(words, ['--cni-bin-dir'])?.split(',') ?? []));
  }
  return found.filter((path) => path.startsWith('/')).map((path) => path.replace(/(.)\/+$/, '$1'));
}

/** The file that containerd reads, and those of CRI-O. */
async function configurationFiles(host: Host): Promise<readonly string[]> {
  const containerd = PROBES.find(({ id }) => id === 'containerd-config');
  const paths = containerd === undefined ? [] : await candidatePaths(host, containerd);
  const files: string[] = [];
  for (const path of paths) {
    if (files.length === 0 && (await exists(host, path))) files.push(path);
  }
  for (const pattern of CRIO_FILES) {
    const matches = pattern.includes('*') ? await matchFiles(host, pattern) : [pattern];
    if (!('status' in matches)) files.push(...matches);
  }
  return files;
}

/** Directories that a configuration of containerd or CRI-O names. */
function directoriesIn(config: string): readonly string[] {
  const settings = config.matchAll(/^[ \t]*(?:bin_dirs?|plugin_dirs?)[ \t]*=[ \t]*(\[[^\]]*\]|.*)/gm);
  return [...settings].flatMap(([, value = '']) => {
    const text = value.replace(/^[ \t]*#.*$/gm, '');
    return [...text.matchAll(/["'](\/[^"']*)["']/g)].map(([, path = '']) => path);
  });
}
