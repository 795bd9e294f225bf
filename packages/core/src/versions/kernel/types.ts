/**
 * Which family of kernels a release belongs to. Builds are comparable inside a line only.
 * CentOS, Rocky, Alma and Oracle's compatible kernel share the `rhel` lines; `other` is a kernel nobody here knows.
 */
export type KernelLine =
  | 'mainline'
  | 'elrepo'
  | 'fedora'
  | 'flatcar'
  | 'talos'
  | 'bottlerocket'
  | 'linuxkit'
  | 'wsl'
  | 'photon'
  | 'azurelinux'
  | 'raspi'
  | 'arch'
  | 'alpine'
  | 'tumbleweed'
  | 'amazon'
  | 'cos'
  | 'debian'
  | 'ubuntu'
  | 'proxmox'
  | 'rhel6'
  | 'rhel7'
  | 'rhel7a'
  | 'rhel8'
  | 'rhel9'
  | 'rhel10'
  | 'uek'
  | 'sles'
  | 'openeuler'
  | 'euleros'
  | 'hce'
  | 'kylin'
  | 'anolis'
  | 'alibaba'
  | 'tencent'
  | 'other';

export interface KernelBase {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** What `uname -r` says, taken apart. */
export interface KernelRelease {
  readonly raw: string;
  /** Upstream version the kernel was built from. */
  readonly base: KernelBase;
  /** False where the release hides the stable patch level (Ubuntu's `5.15.0`), so `base.patch` is a lower limit. */
  readonly patchKnown: boolean;
  /** `rc3`: the base is not released yet. */
  readonly preRelease?: string;
  readonly line: KernelLine;
  /** The vendor's own count behind the base: `348.12.2` of `4.18.0-348.12.2.el8_5.x86_64`, `91.101` for Ubuntu. */
  readonly build?: string;
  /** Variant with its own configuration or numbering: `aws`, `esx`, `rt`, `64k`. */
  readonly flavour?: string;
}

/** What else is known about the node; used only where the release itself is ambiguous. */
export interface KernelHints {
  /** `uname -v`. Debian writes its package version there, Ubuntu its upload number. */
  readonly unameVersion?: string;
  readonly osId?: string;
  readonly osVersionId?: string;
  readonly osIdLike?: readonly string[];
}

/** Builds of one line, written as the vendor does (`4.18.0-348.12.2.el8_5`, `5.15.0-87.97`); several for several bases or streams. */
export type KernelBuilds = string | readonly string[];

/** What is known about one defect in one line. */
export interface KernelLineBorder {
  /** First build with the fix, one per base and per stream. */
  readonly fixed?: KernelBuilds;
  /** The same per flavour, for flavours that count for themselves. */
  readonly fixedFlavours?: Readonly<Record<string, KernelBuilds>>;
  /** First build with the defect, where a patch release brought it. */
  readonly introduced?: KernelBuilds;
  readonly introducedFlavours?: Readonly<Record<string, KernelBuilds>>;
  /** The vendor decided not to fix it. */
  readonly neverFixed?: boolean;
  /** The defect never was in this line. */
  readonly notAffected?: boolean;
  /** The line is said to differ from upstream, and no build is known. */
  readonly uncertain?: boolean;
}

/**
 * Where a kernel defect begins and ends.
 *
 * @example the zero checksum defect of UDP tunnels behind NAT
 * ```ts
 * const border: KernelBorder = { mainline: '5.7', stable: ['5.6.13', '5.4.41', '4.19.123', '4.14.181'] };
 * ```
 */
export interface KernelBorder {
  /** First mainline release with the fix; for a defect of stable releases alone, the first one after them. */
  readonly mainline: string;
  /** First fixed release of each stable series. Absent: not known. Empty: known that none got it. */
  readonly stable?: readonly string[];
  /** Mainline release that brought the defect. Absent beside `introducedStable`: only stable releases had it. */
  readonly introduced?: string;
  /** Stable releases that brought it as a back-port. */
  readonly introducedStable?: readonly string[];
  readonly lines?: Readonly<Partial<Record<KernelLine, KernelLineBorder>>>;
}

/**
 * `fixed`: has the fix, or never had the defect. `uncertain`: below the fix upstream, and this line may carry a
 * back-port. `unknown`: cannot be judged from this border.
 */
export interface KernelAnswer {
  readonly answer: 'fixed' | 'not-fixed' | 'uncertain' | 'unknown';
  /** One sentence part in plain English, for the proof in a report. */
  readonly reason: string;
}
