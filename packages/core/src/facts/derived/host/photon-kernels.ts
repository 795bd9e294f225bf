import type { KernelRelease } from '../../../versions/index.ts';
import { compareBuilds } from '../../../versions/index.ts';
import { type Fact, from, known } from '../../fact.ts';
import type { Reader } from '../../reader.ts';
import { kernel } from '../kernel/index.ts';

/** What is known of one build of Photon OS: its flavour (`linux` for the generic one), its release and its processor. */
interface PhotonKernel {
  readonly release: KernelRelease;
  readonly flavour: string;
  readonly major: number;
  readonly isArm: boolean;
}

function photonKernel(release: KernelRelease): PhotonKernel | undefined {
  const major = /\.ph(\d+)/.exec(release.raw)?.[1];
  if (release.line !== 'photon' || major === undefined) return undefined;
  const flavour = /-(esx|aws|secure|rt)\b/.exec(release.raw)?.[1] ?? 'linux';
  return { release, flavour, major: Number(major), isArm: /aarch64|arm64/.test(release.raw) };
}

function isAtLeast({ release }: PhotonKernel, build: string): boolean | undefined {
  const order = compareBuilds('photon', release.raw, build);
  return order === undefined ? undefined : order >= 0;
}

/**
 * Whether Photon OS built this kernel with CONFIG_NF_CONNTRACK_ZONES, from its package history; undefined for other
 * kernels. https://github.com/vmware/photon commit 9e9cbec997
 */
export function photonHasZones(release: KernelRelease): boolean | undefined {
  const photon = photonKernel(release);
  if (photon === undefined) return undefined;
  if (photon.major === 1) return false;
  if (photon.flavour !== 'esx' || photon.major >= 4) return true;
  return photon.major === 2 ? false : isAtLeast(photon, '4.19.87-4.ph3');
}

/**
 * Parts for traffic shaping that the kernel packages of Photon OS lack; undefined for other kernels and where the history
 * does not tell. https://github.com/vmware/photon commit 9debe4d390
 */
export function photonShaping(
  read: Reader,
  direction: 'ingress' | 'egress',
): Fact<readonly string[]> | undefined {
  const fact = read.fact(kernel);
  const photon = fact.state === 'known' ? photonKernel(fact.value) : undefined;
  if (photon === undefined || photon.major < 3) return undefined;
  const missing = direction === 'ingress' ? lacksTokenBucket(photon) : lacksRedirect(photon);
  return missing === undefined ? undefined : known(missing, from(kernel));
}

function lacksTokenBucket({ flavour, isArm }: PhotonKernel): readonly string[] | undefined {
  if (flavour !== 'esx') return [];
  // 5.0 for aarch64 has it, and `uname -r` does not always name the processor.
  return isArm ? undefined : ['sch_tbf'];
}

function lacksRedirect(photon: PhotonKernel): readonly string[] | undefined {
  const { flavour, major, isArm } = photon;
  if (flavour === 'esx') return ['ifb', ...(lacksTokenBucket(photon) ?? [])];
  if (major >= 5) return flavour === 'linux' || flavour === 'rt' ? [] : undefined;
  if (isArm || (flavour === 'secure' && major === 3)) return ['ifb'];
  if (flavour === 'aws' && major === 3) return [];
  const first = FIRST_WITH_IFB[`${major} ${flavour}`];
  const has = first === undefined ? undefined : isAtLeast(photon, first);
  return has === undefined ? undefined : has ? [] : ['ifb'];
}

const FIRST_WITH_IFB: Readonly<Record<string, string>> = {
  '3 linux': '4.19.154-7.ph3',
  '3 rt': '4.19.154-6.ph3',
  '4 linux': '5.10.4-12.ph4',
  '4 rt': '5.10.4-8.ph4',
};
