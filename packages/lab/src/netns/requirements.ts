import type { LabOptions } from '../cluster/options.ts';
import { LabError } from '../errors.ts';
import { runCommand, tryCommand } from './driver.ts';

/** Parts of the kernel that not every kernel has. */
export type Feature =
  | 'vxlan'
  | 'ipip'
  | 'bridge-nf'
  | 'ipvs'
  | 'iptables-legacy'
  | 'iptables-nft'
  | 'nftables'
  | 'ipset';

/** A command that works inside a fresh namespace only where the kernel has the feature. */
const TRIALS: Readonly<Record<Feature, string>> = {
  vxlan: 'ip link add t0 type vxlan id 1 dstport 4789',
  ipip: 'ip link add t0 type ipip local 127.0.0.1',
  'bridge-nf': 'test -e /proc/sys/net/bridge/bridge-nf-call-iptables',
  ipvs: 'ipvsadm -Sn && ip link add t0 type dummy',
  'iptables-legacy': 'iptables-legacy -t nat -S',
  'iptables-nft': 'iptables-nft -t nat -S',
  nftables: 'nft list ruleset',
  ipset: 'ipset list',
};

const MODULES: Readonly<Record<Feature, string>> = {
  vxlan: 'vxlan',
  ipip: 'ipip',
  'bridge-nf': 'br_netfilter',
  ipvs: 'ip_vs and dummy',
  'iptables-legacy': 'ip_tables and iptable_nat',
  'iptables-nft': 'nf_tables and nft_compat',
  nftables: 'nf_tables',
  ipset: 'ip_set',
};

const EVERY_LAB =
  'ip link add v0 type veth peer name v1 && ip link add b0 type bridge && sysctl -q -w net/ipv4/ip_forward=1';
const TOOLS = ['ip', 'bridge', 'sysctl', 'sh'];

/** What a proxy needs. */
export function proxyFeatures({ proxy }: LabOptions): readonly Feature[] {
  switch (proxy) {
    case 'iptables-legacy':
    case 'iptables-nft':
      return [proxy];
    case 'nftables':
      return ['nftables', 'iptables-nft'];
    case 'ipvs':
      return ['ipvs', 'ipset', 'iptables-nft'];
    case 'none':
      return ['iptables-nft'];
  }
}

/** Throws a `LabError` that says what this machine lacks for a lab, and what to do about it. */
export async function requireFeatures(lab: string, features: readonly Feature[]): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new LabError(
      'not-root',
      'a lab needs root, because it makes network namespaces; use sudo, or a machine of your own',
    );
  }
  for (const tool of TOOLS) {
    if ((await tryCommand(['sh', '-c', `command -v ${tool}`])) === undefined) {
      throw new LabError('missing-tool', `a lab needs the program ${tool}; install iproute2 and procps`);
    }
  }
  const missing = await missingFeatures(lab, features);
  if (missing.includes('every-lab')) {
    throw new LabError(
      'missing-feature',
      'this kernel refuses network namespaces with veth and bridge devices; inside a container, give it CAP_NET_ADMIN and CAP_SYS_ADMIN',
    );
  }
  const [first] = missing;
  if (first === undefined || first === 'every-lab') return;
  const modules = missing.map((feature) => (feature === 'every-lab' ? '' : MODULES[feature])).join(', ');
  throw new LabError(
    'missing-feature',
    `this machine lacks ${missing.join(', ')}: load the kernel modules ${modules} and install their tools, choose another --mode or --proxy, or use "netvet lab kernel", which brings a kernel of its own`,
  );
}

/** Features that this machine lacks, as far as they can be tried. */
export async function missingFeatures(
  lab: string,
  features: readonly Feature[],
): Promise<readonly (Feature | 'every-lab')[]> {
  const missing: (Feature | 'every-lab')[] = [];
  const trials: readonly (readonly [Feature | 'every-lab', string])[] = [
    ['every-lab', EVERY_LAB],
    ...[...new Set(features)].map((feature) => [feature, TRIALS[feature]] as const),
  ];
  for (const [feature, script] of trials) {
    if (!(await worksInFreshNamespace(`netvet-${lab}-trial`, script))) missing.push(feature);
  }
  return missing;
}

async function worksInFreshNamespace(netns: string, script: string): Promise<boolean> {
  try {
    await runCommand({ run: ['ip', 'netns', 'add', netns] });
    await runCommand({ run: ['ip', 'netns', 'exec', netns, 'sh', '-e', '-c', script] });
    return true;
  } catch {
    return false;
  } finally {
    await tryCommand(['ip', 'netns', 'del', netns]);
  }
}
