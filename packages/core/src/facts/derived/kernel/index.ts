import { unameProbe } from '../../../probes/system.ts';
import { type KernelHints, type KernelRelease, parseKernelRelease } from '../../../versions/index.ts';
import { type Fact, type FactDefinition, from, known, type Origin, unknown } from '../../fact.ts';
import { at, inObject, type Reader } from '../../reader.ts';
import { operatingSystem } from '../operating-system/index.ts';

/** The running kernel: from `uname`, else from the Node object. */
export const kernel: FactDefinition<KernelRelease> = {
  id: 'kernel',
  title: 'kernel',
  level: 'node',
  key: (release) => JSON.stringify(release),
  format: (release) => release.raw,
  fromText: (text) => parseKernelRelease(text),
  compute(read) {
    const release = runningRelease(read);
    if (release === undefined) {
      return unknown({ fact: 'kernel release', command: 'uname -a', where: 'node' });
    }
    const os = read.fact(operatingSystem);
    const hints: KernelHints = {
      ...(release.version === undefined ? {} : { unameVersion: release.version }),
      ...(os.state === 'unknown' ? {} : osHints(os)),
    };
    const parsed = parseOnce(release.text, hints);
    if (parsed === undefined) return unknown({ fact: 'kernel release', command: 'uname -a', where: 'node' });
    const origins = os.state === 'unknown' ? [release.origin] : [release.origin, from(operatingSystem)];
    return known(parsed, ...origins);
  },
};

/** Kernels already taken apart. A cluster has few; a service that sees many clusters starts over now and then. */
const parsedKernels = new Map<string, KernelRelease | undefined>();
const MOST_KERNELS = 1000;

function parseOnce(text: string, hints: KernelHints): KernelRelease | undefined {
  const key = `${text}\n${JSON.stringify(hints)}`;
  if (parsedKernels.has(key)) return parsedKernels.get(key);
  if (parsedKernels.size >= MOST_KERNELS) parsedKernels.clear();
  const parsed = parseKernelRelease(text, hints);
  parsedKernels.set(key, parsed);
  return parsed;
}

function osHints(os: Fact<{ id: string; versionId?: string; idLike: readonly string[] }>): KernelHints {
  if (os.state === 'unknown') return {};
  const { id, versionId, idLike } = os.value;
  return { osId: id, osIdLike: idLike, ...(versionId === undefined ? {} : { osVersionId: versionId }) };
}

function runningRelease(read: Reader): { text: string; version?: string; origin: Origin } | undefined {
  const probe = read.probe(unameProbe);
  if (probe.state === 'read' && probe.value !== undefined) {
    const { release, version } = probe.value;
    return {
      text: release,
      ...(version === undefined ? {} : { version }),
      origin: at(probe.file, probe.value),
    };
  }
  const node = read.nodeObject();
  const info = (node?.object.status as { nodeInfo?: { kernelVersion?: string } } | undefined)?.nodeInfo;
  if (node === undefined || info?.kernelVersion === undefined || info.kernelVersion === '') return undefined;
  return { text: info.kernelVersion, origin: inObject(node, '/status/nodeInfo/kernelVersion') };
}
