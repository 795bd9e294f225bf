import type { KernelLine } from './types.ts';

/**
 * How a line relates to upstream's stable releases.
 *
 * - `follows`: each release is a stable release plus little, so being below the stable fix means not having it;
 * - `merges`: takes whole stable releases and single patches earlier, so it can be ahead of its number, seldom behind;
 * - `frozen`: keeps a base for years and takes what the vendor chooses, defects included, so its number says little.
 */
export type StablePolicy = 'follows' | 'merges' | 'frozen';

interface LineFacts {
  /** Name for people. */
  readonly title: string;
  readonly policy: StablePolicy;
  /** Whose rules order the vendor's builds. */
  readonly builds: 'rpm' | 'deb';
  /** How the vendor's builds run in parallel; absent: one after the other. See `stream.ts`. */
  readonly streams?: 'minor-release' | 'first-number';
}

export const KERNEL_LINES: Readonly<Record<KernelLine, LineFacts>> = {
  mainline: { title: 'kernel.org', policy: 'follows', builds: 'rpm' },
  elrepo: { title: 'ELRepo', policy: 'follows', builds: 'rpm' },
  fedora: { title: 'Fedora', policy: 'follows', builds: 'rpm' },
  flatcar: { title: 'Flatcar', policy: 'follows', builds: 'rpm' },
  talos: { title: 'Talos', policy: 'follows', builds: 'rpm' },
  bottlerocket: { title: 'Bottlerocket', policy: 'follows', builds: 'rpm' },
  linuxkit: { title: 'LinuxKit', policy: 'follows', builds: 'rpm' },
  wsl: { title: 'WSL', policy: 'follows', builds: 'rpm' },
  photon: { title: 'Photon', policy: 'follows', builds: 'rpm' },
  azurelinux: { title: 'Azure Linux', policy: 'follows', builds: 'rpm' },
  raspi: { title: 'Raspberry Pi OS', policy: 'follows', builds: 'deb' },
  arch: { title: 'Arch Linux', policy: 'follows', builds: 'rpm' },
  alpine: { title: 'Alpine', policy: 'follows', builds: 'rpm' },
  tumbleweed: { title: 'openSUSE Tumbleweed', policy: 'follows', builds: 'rpm' },
  amazon: { title: 'Amazon Linux', policy: 'merges', builds: 'rpm' },
  cos: { title: 'Container-Optimized OS', policy: 'merges', builds: 'rpm' },
  debian: { title: 'Debian', policy: 'merges', builds: 'deb' },
  ubuntu: { title: 'Ubuntu', policy: 'merges', builds: 'deb' },
  proxmox: { title: 'Proxmox', policy: 'merges', builds: 'deb' },
  rhel6: { title: 'RHEL 6', policy: 'frozen', builds: 'rpm' },
  rhel7: { title: 'RHEL 7', policy: 'frozen', builds: 'rpm', streams: 'minor-release' },
  rhel7a: { title: 'RHEL 7 for other architectures', policy: 'frozen', builds: 'rpm' },
  rhel8: { title: 'RHEL 8', policy: 'frozen', builds: 'rpm', streams: 'minor-release' },
  rhel9: { title: 'RHEL 9', policy: 'frozen', builds: 'rpm', streams: 'minor-release' },
  rhel10: { title: 'RHEL 10', policy: 'frozen', builds: 'rpm', streams: 'minor-release' },
  uek: { title: 'Oracle UEK', policy: 'frozen', builds: 'rpm' },
  sles: { title: 'SLES', policy: 'frozen', builds: 'rpm', streams: 'first-number' },
  openeuler: { title: 'openEuler', policy: 'frozen', builds: 'rpm', streams: 'first-number' },
  euleros: { title: 'EulerOS', policy: 'frozen', builds: 'rpm', streams: 'first-number' },
  hce: { title: 'Huawei Cloud EulerOS', policy: 'frozen', builds: 'rpm', streams: 'first-number' },
  kylin: { title: 'Kylin', policy: 'frozen', builds: 'rpm', streams: 'first-number' },
  anolis: { title: 'Anolis', policy: 'frozen', builds: 'rpm' },
  alibaba: { title: 'Alibaba Cloud Linux', policy: 'frozen', builds: 'rpm' },
  tencent: { title: 'TencentOS', policy: 'frozen', builds: 'rpm' },
  other: { title: 'an unknown distribution', policy: 'frozen', builds: 'rpm' },
};
