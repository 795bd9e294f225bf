import type { KernelHints, KernelLine } from './types.ts';

/** One way vendors write what follows the base version. Named groups: `build`, `flavour`. */
export interface ReleasePattern {
  readonly line: KernelLine | ((groups: Readonly<Record<string, string | undefined>>) => KernelLine);
  readonly pattern: RegExp;
  /** Ubuntu and Debian hide the patch level: their third number is 0. Absent: any patch number. */
  readonly patchIsZero?: boolean;
  /** Only for this base. */
  readonly base?: string;
  /** Only on nodes whose os-release has this `ID`. */
  readonly osIds?: readonly string[];
}

const ARCHITECTURE =
  '(?:amd64|arm64(?:-16k)?|686(?:-pae)?|armmp(?:-lpae)?|rpi|s390x|powerpc64le|riscv64|loong64|ppc64el)';

/**
 * Tried from top to bottom on the part behind `x.y.z`; the first match decides.
 * The order matters: ELRepo's and UEK's kernels carry `el8` too, and Debian's `-amd64` looks like an Ubuntu flavour.
 */
export const RELEASE_PATTERNS: readonly ReleasePattern[] = [
  { line: 'elrepo', pattern: /^-(?<build>[\w.]+?)\.el\d+(?:_\d+)?\.elrepo/ },
  { line: 'uek', pattern: /^-(?<build>\d[\w.]*?)\.el\d+uek/ },
  // Rebuilds with their own patches under a RHEL tag.
  { line: 'other', pattern: /\.(?:bclinux|uel\d|uos|cgsl)/ },
  { line: 'hce', pattern: /^-(?<build>\S+?)\.hce\d/ },
  { line: 'euleros', pattern: /^-(?<build>[\w.]+\.h\d+)(?:\.|$)/ },
  { line: 'rhel7a', pattern: /^-(?<build>\d[\d.]*?)\.el7a/ },
  {
    line: elLine,
    pattern: /^-(?<build>\d[\d.]*?)\.(?<flavour>rt)\d[\w.]*\.el(?<major>\d+)(?:_\d+)?(?:\.|\+|$)/,
  },
  {
    line: elLine,
    pattern: /^-(?<build>\d[\d.]*?)\.el(?<major>\d+)(?:_\d+)?(?:\.centos)?\.(?<flavour>plus|debug)(?:\.|$)/,
  },
  {
    line: elLine,
    pattern: /^-(?<build>\d[\d.]*?)\.el(?<major>\d+)(?:_\d+)?(?:\.\w+)*(?:\+(?<flavour>[\w-]+))?$/,
  },
  { line: 'fedora', pattern: /^-(?<build>[\w.]+?)\.fc\d+/ },
  { line: 'amazon', pattern: /^-(?<build>\d[\d.]*?)\.amzn\d+/ },
  { line: 'photon', pattern: /^-(?<build>\d[\d.]*?)\.ph\d+(?:-(?<flavour>\w+))?/ },
  { line: 'openeuler', pattern: /^-(?<build>[\w.]+?)\.oe\d/ },
  { line: 'kylin', pattern: /^-(?<build>[\w.]+?)\.ky\d/ },
  { line: 'anolis', pattern: /^-(?<build>[\w.]+?)\.an\d/ },
  { line: 'alibaba', pattern: /^-(?<build>[\w.]+?)\.al\d/ },
  { line: 'tencent', pattern: /^-(?<build>[\w.-]+?)\.tl\d/ },
  { line: 'tencent', pattern: /^-(?<build>19-\d{4}[\d.]*)$/ },
  { line: 'azurelinux', pattern: /^-(?<build>\d[\d.]*?)\.(?:azl|cm)\d/ },
  { line: 'flatcar', pattern: /^-(?:flatcar|(?<flavour>coreos))(?:-r\d+)?$/ },
  { line: 'talos', pattern: /^-talos$/ },
  { line: 'linuxkit', pattern: /^-linuxkit$/ },
  { line: 'proxmox', pattern: /^-(?<build>\d+)-pve$/ },
  // WSL 1 calls itself `4.4.0-19041-Microsoft` and is no Linux kernel.
  { line: 'wsl', pattern: /^-microsoft-standard/ },
  {
    line: 'tumbleweed',
    pattern: /^-(?<build>[\d.]+)-(?<flavour>default|longterm)$/,
    osIds: ['opensuse-tumbleweed', 'opensuse-microos'],
  },
  { line: 'sles', pattern: /^-(?<build>(?:lp\d+\.)?\d[\d.]*)-(?<flavour>default)$/ },
  // A single number before `azure` is Ubuntu's ABI number.
  { line: 'sles', pattern: /^-(?<build>\d+\.[\d.]+)-(?<flavour>azure|rt|preempt|kvmsmall|64kb)$/ },
  { line: 'raspi', pattern: /^\+rpt-rpi-(?<flavour>\w+)$/ },
  { line: 'raspi', pattern: /^-(?<flavour>v\d\w*)\+$/ },
  {
    line: 'debian',
    pattern: new RegExp(
      `^(?:~rc\\d+)?(?:\\+deb[\\w+]*)?(?:-(?<build>\\d[\\w.]*|kali\\d+))?(?:-(?<flavour>cloud|rt))?-${ARCHITECTURE}$`,
    ),
  },
  { line: 'alpine', pattern: /^-(?<build>0)-(?<flavour>lts|virt|rpi|edge|stable)$/ },
  { line: 'arch', pattern: /^-arch\d+-(?<build>\d+)$/ },
  { line: 'arch', pattern: /^-(?<build>\d+)-(?<flavour>lts)$/ },
  // Ubuntu's unpatched builds of kernel.org releases: 6.1.55-060155-generic.
  { line: 'mainline', pattern: /^-0\d{5}(?:rc\d+)?-(?<flavour>[a-z][\w-]*)$/ },
  // Kylin's desktop kernels look like Ubuntu's; the base 5.4.18 is nobody else's.
  { line: 'kylin', pattern: /^-(?<build>\d+)-(?<flavour>generic)$/, base: '5.4.18' },
  { line: 'kylin', pattern: /^-(?<build>\d+)-(?<flavour>generic)$/, osIds: ['kylin'] },
  { line: 'ubuntu', pattern: /^-(?<build>\d+)-(?<flavour>[a-z][\w-]*)$/, patchIsZero: true },
  { line: 'cos', pattern: /^\+$/ },
  { line: 'mainline', pattern: /^-rc\d+\+?$/ },
];

/** What the os-release `ID` says about a kernel whose release text says nothing. */
const LINE_OF_OS: Readonly<Record<string, KernelLine>> = {
  alinux: 'alibaba',
  anolis: 'anolis',
  bottlerocket: 'bottlerocket',
  euleros: 'euleros',
  hce: 'hce',
  kylin: 'kylin',
  openeuler: 'openeuler',
  tencentos: 'tencent',
};

/** The line of a release that matches no pattern; a release that is nothing but a number comes from kernel.org. */
export function lineWithoutPattern(suffix: string, hints: KernelHints): KernelLine {
  return LINE_OF_OS[hints.osId?.toLowerCase() ?? ''] ?? (suffix === '' ? 'mainline' : 'other');
}

function elLine({ major }: Readonly<Record<string, string | undefined>>): KernelLine {
  if (major === '6') return 'rhel6';
  if (major === '7') return 'rhel7';
  if (major === '8') return 'rhel8';
  if (major === '9') return 'rhel9';
  return major === '10' ? 'rhel10' : 'other';
}
