/** What is known of an operating system, in the words of `/etc/os-release`. */
export interface OsIdentity {
  /** `ID` */
  readonly id: string;
  /** `VERSION_ID` */
  readonly versionId?: string;
  /** `NAME`; tells CentOS Stream from CentOS Linux. */
  readonly name?: string;
  /** `PRETTY_NAME`, used where there is no `NAME`. */
  readonly prettyName?: string;
  /** `VARIANT_ID`; `coreos` is Fedora CoreOS or Red Hat CoreOS. */
  readonly variantId?: string;
  /** `PLATFORM_ID`, for example `platform:el9`. */
  readonly platformId?: string;
  /** `ID_LIKE` */
  readonly idLike?: readonly string[];
}

/** A distribution under one name, whatever its os-release calls it. */
export interface Distribution {
  /** `ID` in lower case, with CentOS Stream, the CoreOS variants and renamed distributions told apart. */
  readonly id: string;
  /** The part of the version that has a life of its own: `7` of `7.9`, `22.04`, `15.5`; absent for rolling releases. */
  readonly release?: string;
}

/** Other spellings of one distribution. */
const SAME_AS: Readonly<Record<string, string>> = {
  alinux: 'alibaba',
  'amazon-linux': 'amzn',
  azurelinux: 'azurelinux',
  centos_stream: 'centos-stream',
  'container-optimized-os': 'cos',
  mariner: 'azurelinux',
  opensuse: 'opensuse-leap',
  oracle: 'ol',
  redhat: 'rhel',
  sle_hpc: 'sles',
  sles_sap: 'sles',
  sled: 'sles',
  suse: 'sles',
  tlinux: 'tencentos',
};

const ROLLING = new Set([
  'flatcar',
  'coreos',
  'fedora-coreos',
  'arch',
  'opensuse-tumbleweed',
  'opensuse-microos',
]);

const MAJOR_ONLY = new Set([
  'rhel',
  'centos',
  'centos-stream',
  'rocky',
  'almalinux',
  'ol',
  'amzn',
  'debian',
  'fedora',
]);

/**
 * The distribution and its release line. Never fails: an unknown id stays as it is, in lower case.
 *
 * @example `distributionOf({ id: 'centos', versionId: '8', name: 'CentOS Stream' })` gives `centos-stream`, release `8`.
 */
export function distributionOf(os: OsIdentity): Distribution {
  const id = distributionId(os);
  const release = releaseOf(id, os.versionId);
  return release === undefined ? { id } : { id, release };
}

function distributionId(os: OsIdentity): string {
  const id = os.id.trim().toLowerCase();
  const name = os.name ?? os.prettyName ?? '';
  if (id === 'centos' && /\bstream\b/i.test(name)) return 'centos-stream';
  if (id === 'fedora' && os.variantId === 'coreos') return 'fedora-coreos';
  if (id === 'rhel' && (os.variantId === 'coreos' || /coreos/i.test(name))) return 'rhcos';
  return SAME_AS[id] ?? id;
}

function releaseOf(id: string, versionId: string | undefined): string | undefined {
  const numbers = /^\d+(?:\.\d+)*/.exec(versionId?.trim() ?? '')?.[0].split('.');
  const [major, minor] = numbers ?? [];
  if (major === undefined || ROLLING.has(id)) return undefined;
  if (MAJOR_ONLY.has(id)) return major;
  // Photon and Azure Linux write `3.0`, sometimes with a date behind it.
  return minor === undefined ? major : `${major}.${minor}`;
}

const EL_IDS = new Set([
  'rhel',
  'centos',
  'centos-stream',
  'rocky',
  'almalinux',
  'ol',
  'scientific',
  'eurolinux',
  'virtuozzo',
]);

/** Red Hat CoreOS counts as OpenShift does; the RHEL release it is built from changed with OpenShift 4.13. */
const FIRST_RHCOS_ON_EL9 = 13;

/**
 * Which RHEL major release a system is built from (RHEL, CentOS, Stream, Rocky, Alma, Oracle and Red Hat CoreOS), or
 * `undefined` for all others and where the version is missing. Fedora and Amazon Linux are not of this family.
 */
export function isElFamily(os: OsIdentity): 7 | 8 | 9 | 10 | undefined {
  const platform = /^platform:el(\d+)$/.exec(os.platformId ?? '')?.[1];
  const { id } = distributionOf(os);
  if (platform !== undefined) return elMajor(Number(platform));
  const [major, minor] = (os.versionId ?? '').split('.').map(Number);
  if (id === 'rhcos' && major === 4) return rhcosFamily(minor);
  return EL_IDS.has(id) || id === 'rhcos' ? elMajor(major) : undefined;
}

function rhcosFamily(minor: number | undefined): 8 | 9 | undefined {
  if (minor === undefined || Number.isNaN(minor)) return undefined;
  return minor < FIRST_RHCOS_ON_EL9 ? 8 : 9;
}

function elMajor(major: number | undefined): 7 | 8 | 9 | 10 | undefined {
  return major === 7 || major === 8 || major === 9 || major === 10 ? major : undefined;
}
