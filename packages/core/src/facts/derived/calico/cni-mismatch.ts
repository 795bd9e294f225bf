import { cniBinProbe } from '../../../probes/configuration.ts';
import {
  type Fact,
  type FactDefinition,
  type FactOrigin,
  from,
  known,
  knownUncertain,
  type Origin,
  unknown,
} from '../../fact.ts';
import { at, inObject, missingObjects, type Reader } from '../../reader.ts';
import { cniInstallers } from './cni-installers.ts';
import { pluginsNotFound } from './cni-plugins-not-found.ts';
import { plainPath, runtimeCniDirectories } from './cni-runtime-directories.ts';

/** An installer whose directory the runtime does not look into. */
export interface CniMismatch {
  readonly installer: string;
  readonly kind: 'plugins' | 'configuration';
  readonly installed: string;
  readonly searched: readonly string[];
  readonly plugin: string | undefined;
}

/** Installers that write to a directory which the runtime of this node does not look into. */
export const cniMismatch: FactDefinition<readonly CniMismatch[]> = {
  id: 'cni.directory-mismatch',
  title: 'CNI directories that do not agree',
  level: 'node',
  format: (list) =>
    list
      .map(
        ({ installer, kind, installed, searched }) =>
          `${installer} writes ${kind} to ${installed}, the runtime looks in ${searched.join(', ')}`,
      )
      .join('; ') || 'none',
  compute(read) {
    const runtime = read.fact(runtimeCniDirectories);
    const installers = read.fact(cniInstallers);
    if (runtime.state === 'unknown' || installers.state === 'unknown') {
      const missing = [runtime, installers].flatMap((fact) => (fact.state === 'unknown' ? fact.missing : []));
      return unknown(...missing);
    }
    const { bin, conf } = runtime.value;
    const found = installers.value.flatMap((one): CniMismatch[] => {
      const { name: installer, plugin } = one;
      const list: CniMismatch[] = [];
      if (one.bin !== undefined && !bin.includes(one.bin)) {
        list.push({ installer, kind: 'plugins', installed: one.bin, searched: bin, plugin });
      }
      if (one.conf !== undefined && one.conf !== conf) {
        list.push({ installer, kind: 'configuration', installed: one.conf, searched: [conf], plugin });
      }
      return list;
    });
    const origins = [from(runtimeCniDirectories), from(cniInstallers)];
    const doubt = runtime.uncertain ?? (isConfirmed(read, found) ? undefined : MAYBE_LINKED);
    return doubt === undefined ? known(found, ...origins) : knownUncertain(found, doubt, ...origins);
  },
};

const MAYBE_LINKED = 'a link may lead from one directory to the other';

function isConfirmed(read: Reader, found: readonly CniMismatch[]): boolean {
  return found.every((one) => one.kind === 'plugins' && listed(read, one).state === 'known');
}

/**
 * Whether plugins are in the runtime's directories although they are installed elsewhere, through a link or a copy.
 * `no` also where the directories were not listed; the mismatch itself is uncertain then.
 */
export const cniPluginsReachable: FactDefinition<'yes' | 'no'> = {
  id: 'cni.plugins-reachable',
  title: "installed plugins are in the runtime's directories",
  level: 'node',
  compute(read) {
    const mismatch = read.fact(cniMismatch);
    if (mismatch.state === 'unknown') return mismatch;
    const listings = mismatch.value.map((one) => (one.kind === 'plugins' ? listed(read, one) : undefined));
    // A configuration in the wrong directory is not cured by plugins in the right one.
    const all = listings.every((one) => one?.state === 'known' && one.value);
    const origins = listings.flatMap((one) => (one?.state === 'known' ? one.origins : []));
    return known(all ? 'yes' : 'no', ...origins, from(cniMismatch));
  },
};

/** Whether any of the runtime's directories holds the installer's plugin. */
function listed(read: Reader, { plugin, searched }: CniMismatch): Fact<boolean> {
  const probe = read.probe(cniBinProbe);
  if (probe.state === 'missing') return unknown(probe.missing);
  const origins: Origin[] = [];
  for (const path of searched) {
    const directory = probe.value.find((one) => plainPath(one.directory) === path);
    const file = directory?.files.find(({ name }) => name === plugin);
    if (file !== undefined) return known(true, at(probe.file, file));
    if (directory === undefined) {
      return unknown({ fact: `files in ${path}`, command: `ls -l ${path}`, where: 'node' });
    }
    origins.push(at(probe.file, directory));
  }
  return known(false, ...origins);
}

/** Proof that the runtime does not find what was installed elsewhere: what it said, or what stands in its directories. */
export const cniMismatchSeen: FactDefinition<readonly string[]> = {
  id: 'cni.mismatch-seen',
  title: 'plugins that the runtime does not find because they are elsewhere',
  level: 'node',
  format: (list) => list.join('; ') || 'none',
  compute(read) {
    const said = read.fact(pluginsNotFound);
    if (said.state === 'known' && said.value.length > 0) {
      const found = known(
        said.value.map(({ plugin, searched }) => `${plugin} not found in ${searched.join(', ')}`),
        from(pluginsNotFound),
      );
      return said.uncertain === undefined ? found : { ...found, uncertain: said.uncertain };
    }
    const mismatch = read.fact(cniMismatch);
    if (mismatch.state === 'unknown') return mismatch;
    if (mismatch.value.length === 0) return known([], from(cniMismatch));
    const proofs = mismatch.value.map((one) => proofOf(read, one)).filter((proof) => proof !== undefined);
    const texts = proofs.filter(({ text }) => text !== undefined);
    if (texts.length > 0) {
      return known(
        texts.map(({ text = '' }) => text),
        ...texts.flatMap(({ origins }) => origins),
        from(cniMismatch),
      );
    }
    return proofs.length === mismatch.value.length
      ? known([], ...proofs.flatMap(({ origins }) => origins))
      : unknown(missingObjects('events'), {
          fact: 'files of the CNI directories',
          command: 'ls -l /opt/cni/bin',
          where: 'node',
        });
  },
};

interface Proof {
  /** Absent: it was looked at, and nothing is wrong. */
  readonly text?: string;
  readonly origins: readonly (Origin | FactOrigin)[];
}

function proofOf(read: Reader, one: CniMismatch): Proof | undefined {
  if (one.kind === 'configuration') return notReady(read, one);
  const found = listed(read, one);
  if (found.state === 'unknown') return undefined;
  if (found.value) return { origins: found.origins };
  const text = `${one.plugin} is not in ${one.searched.join(', ')} but installed to ${one.installed}`;
  return { text, origins: found.origins };
}

const NO_CONFIGURATION =
  /cni plugin not initialized|no network config found in|No networks found in|No CNI configuration file in/i;

/** The kubelet says in the node's Ready condition that the runtime has no CNI configuration. */
function notReady(read: Reader, { installed, searched }: CniMismatch): Proof | undefined {
  const node = read.nodeObject();
  const conditions = (node?.object.status as { conditions?: unknown } | undefined)?.conditions;
  const list: readonly unknown[] = Array.isArray(conditions) ? conditions : [];
  const index = list.findIndex((one) => (one as { type?: unknown } | null)?.type === 'Ready');
  const message = String((list[index] as { message?: unknown } | undefined)?.message ?? '');
  if (node === undefined || index < 0) return undefined;
  const origins = [inObject(node, `/status/conditions/${index}`)];
  if (!NO_CONFIGURATION.test(message)) return { origins };
  return { text: `no configuration in ${searched.join(', ')}, it is installed to ${installed}`, origins };
}
