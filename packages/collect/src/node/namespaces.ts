import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { findProgram, type Host, onHost } from './host.ts';
import { processIds } from './processes.ts';

/** A network namespace of this host besides that of this process. */
export interface NetworkNamespace {
  /** `<namespace>_<pod>` for a pod, the name below `/run/netns`, or `netns-<inode>`. */
  readonly name: string;
  /** File that stands for it. */
  readonly path: string;
}

/** Where `ip netns` and container runtimes keep namespaces. */
export const NAMED_NAMESPACES = '/run/netns';
/** One directory `<namespace>_<pod>_<uid>` for each pod on the node. */
export const POD_LOGS = '/var/log/pods';

/** Finds the network namespaces of pods and others, in the order of their names. */
export async function findNamespaces(host: Host): Promise<readonly NetworkNamespace[]> {
  const own = await inodeOf(host, 'self');
  const pods = await podNames(host);
  const found = new Map<string, { path: string; name?: string }>();
  for (const pid of await processIds(host)) {
    const inode = await inodeOf(host, String(pid));
    if (inode === '' || inode === own || found.get(inode)?.name !== undefined) continue;
    const name = pods.get(await podUid(host, pid));
    // A namespace of which no process is known to be of a pod keeps the first process.
    const path = found.get(inode)?.path ?? `/proc/${pid}/ns/net`;
    found.set(inode, name === undefined ? { path } : { path: `/proc/${pid}/ns/net`, name });
  }
  const named = await readdir(onHost(host, NAMED_NAMESPACES)).catch(() => []);
  for (const name of named.sort()) {
    const path = `${NAMED_NAMESPACES}/${name}`;
    const inode = await stat(onHost(host, path))
      .then(({ ino }) => String(ino))
      .catch(() => '');
    if (inode === '' || inode === own) continue;
    const known = found.get(inode);
    found.set(inode, { path: known?.path ?? path, name: known?.name ?? name });
  }
  const list = [...found].map(([inode, { path, name }]) => ({
    path,
    name: safeName(name ?? `netns-${inode}`),
  }));
  return list.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A command that runs another in the namespace; undefined where no tool is there for it. */
export async function entering(
  host: Host,
  { path }: NetworkNamespace,
): Promise<readonly string[] | undefined> {
  const nsenter = await findProgram(host, 'nsenter');
  if (nsenter !== undefined) return [nsenter, `--net=${onHost(host, path)}`];
  const ip = await findProgram(host, 'ip');
  const name = path.startsWith(`${NAMED_NAMESPACES}/`) ? path.slice(NAMED_NAMESPACES.length + 1) : undefined;
  return ip === undefined || name === undefined ? undefined : [ip, 'netns', 'exec', name];
}

/** Names of interfaces in a text like `/proc/net/dev`. */
export function interfacesIn(text: string): readonly string[] {
  const names = [...text.matchAll(/^ *(\S+): *\d/gm)].map(([, name = '']) => name);
  return names.filter(isPlainName).sort();
}

/** Whether a name of an interface can be the name of a file. */
export function isPlainName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !name.includes('/');
}

/** Inode of the network namespace of a process; empty where it can not be seen. */
async function inodeOf(host: Host, pid: string): Promise<string> {
  const target = await readlink(onHost(host, `/proc/${pid}/ns/net`)).catch(() => '');
  return /^net:\[(\d+)\]$/.exec(target)?.[1] ?? '';
}

/** Uid of the pod of a process: `…/pod1234-…`, with `_` for `-` where systemd makes the slices. */
async function podUid(host: Host, pid: number): Promise<string> {
  const groups = await readFile(onHost(host, `/proc/${pid}/cgroup`), 'utf8').catch(() => '');
  const uid = /pod([0-9a-f]{8}[-_][0-9a-f_-]{27}|[0-9a-f]{32})/.exec(groups)?.[1] ?? '';
  return uid.replaceAll('_', '-');
}

async function podNames(host: Host): Promise<ReadonlyMap<string, string>> {
  const directories = await readdir(onHost(host, POD_LOGS)).catch(() => []);
  const names = new Map<string, string>();
  for (const directory of directories) {
    const [namespace, pod, uid] = directory.split('_');
    if (namespace !== undefined && pod !== undefined && uid !== undefined)
      names.set(uid, `${namespace}_${pod}`);
  }
  return names;
}

function safeName(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]/g, '-').replace(/^\.+/, '-');
}
