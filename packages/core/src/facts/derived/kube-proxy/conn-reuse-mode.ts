import type { KernelRelease, Version } from '../../../versions/index.ts';
import { type FactDefinition, from, known, knownUncertain, unknown } from '../../fact.ts';
import { kernel } from '../kernel/index.ts';
import { sysctl } from '../sysctl/index.ts';
import { isIn, kubeProxyRelease, kubeProxyReleaseFact } from './release.ts';

const NAME = 'net.ipv4.vs.conn_reuse_mode';

/**
 * Value of `net.ipv4.vs.conn_reuse_mode`; where it was not read, what it is after kube-proxy in ipvs mode has started,
 * which others can have changed since.
 */
export const connReuseMode: FactDefinition<string | null> = {
  id: 'kube-proxy.conn-reuse-mode',
  title: 'net.ipv4.vs.conn_reuse_mode',
  level: 'node',
  compute(read) {
    const value = read.fact(sysctl, NAME);
    if (value.state === 'known') return { ...value, origins: [from(sysctl, NAME)] };
    const release = kubeProxyRelease(read);
    const running = read.fact(kernel);
    const predicted =
      release.state === 'known' && running.state === 'known'
        ? afterStart(release.value.version, running.value)
        : undefined;
    if (predicted === undefined)
      return unknown({ fact: `sysctl ${NAME}`, command: `sysctl ${NAME}`, where: 'node' });
    // In a cluster that does not exist yet nobody has changed the value.
    if (read.hypothetical) return known(predicted, from(kubeProxyReleaseFact()), from(kernel));
    const doubt =
      predicted === '0'
        ? `${NAME} was not read; kube-proxy of this release sets it to 0 on this kernel`
        : `${NAME} was not read; kube-proxy of this release leaves the kernel's default of 1`;
    return knownUncertain(predicted, doubt, from(kubeProxyReleaseFact()), from(kernel));
  },
};

/**
 * kube-proxy goes by the numbers of the kernel alone (kubernetes PR 71114, 88541, 102122, 107437, 107438).
 * Whether 1.18 has the second of these is not established.
 */
function afterStart(version: Version, { raw }: KernelRelease): '0' | '1' | undefined {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(raw)?.map(Number) ?? [];
  if (major === undefined || minor === undefined) return undefined;
  const hasSetting = major > 4 || (major === 4 && minor >= 1);
  const isFixed = major > 5 || (major === 5 && minor >= 9);
  if (isIn(version, '<1.13.0') === 'in') return '1';
  if (isIn(version, '>=1.13.0 <1.18.0') === 'in') return hasSetting ? '0' : undefined;
  if (isIn(version, '>=1.19.0') !== 'in') return undefined;
  if (!hasSetting) return '1';
  if (!isFixed) return '0';
  return isIn(version, '>=1.19.0 <1.20.15 || >=1.21.0 <1.21.9') === 'out' ? '1' : '0';
}

/** Value of `net.ipv4.vs.conntrack`, which kube-proxy in ipvs mode sets to 1 whenever it starts. */
export const ipvsConntrack: FactDefinition<string | null> = {
  id: 'kube-proxy.ipvs-conntrack',
  title: 'net.ipv4.vs.conntrack',
  level: 'node',
  compute(read) {
    const value = read.fact(sysctl, 'net.ipv4.vs.conntrack');
    if (value.state === 'known') return { ...value, origins: [from(sysctl, 'net.ipv4.vs.conntrack')] };
    if (read.hypothetical) return known('1');
    return knownUncertain('1', 'net.ipv4.vs.conntrack was not read; kube-proxy in ipvs mode sets it to 1');
  },
};
