import { compareFelixKernels, parseRange, rangeContains } from '../../../versions/index.ts';
import { type FactDefinition, from, known } from '../../fact.ts';
import { versionOf } from '../components/versions.ts';
import { kernel } from '../kernel/index.ts';
import { encapsulation } from './encapsulation.ts';
import { felixSetting } from './felix-setting.ts';

const TRUE = /^(?:true|yes|y|t|1|on)$/i;

/** Whether eBPF is asked for on the node. */
export const bpfEnabled: FactDefinition<boolean> = {
  id: 'calico.bpf-enabled',
  title: 'eBPF data plane of Calico asked for',
  level: 'node',
  compute(read) {
    const setting = read.fact(felixSetting, 'bpfEnabled');
    if (setting.state === 'unknown') return setting;
    return known(TRUE.test(setting.value ?? ''), from(felixSetting, 'bpfEnabled'));
  },
};

/** Conditions of kernel and release under which the eBPF data plane is known to fail. */
export const ebpfFaults: FactDefinition<readonly string[]> = {
  id: 'calico.ebpf-faults',
  title: 'known faults of the eBPF data plane on this kernel and release',
  level: 'node',
  format: (list) => list.join('; ') || 'none',
  compute(read) {
    const enabled = read.fact(bpfEnabled);
    if (enabled.state === 'unknown') return enabled;
    if (!enabled.value) return known([], from(bpfEnabled));
    const release = read.fact(kernel);
    if (release.state === 'unknown') return release;
    const origins = [from(bpfEnabled), from(kernel)];
    // RHEL took eBPF into its 4.18 kernels, and Felix makes an exception for them from this build on.
    const rhel = release.value.line === 'rhel8';
    const least = rhel ? '4.18.0-193' : '5.3.0';
    if ((compareFelixKernels(release.value.raw, least) ?? 0) < 0) {
      return known(
        [`the kernel is older than ${least}, so Felix falls back to iptables without a word to the user`],
        ...origins,
      );
    }
    const definition = versionOf('calico-node');
    if (definition === undefined) throw new Error('calico-node has no version fact');
    const version = read.fact(definition);
    if (version.state === 'unknown') return version;
    const inRange = (text: string) => {
      const range = parseRange(text);
      return range.ok && rangeContains(range.range, version.value.version).answer !== 'out';
    };
    const found: string[] = [];
    const { major, minor } = release.value.base;
    if (major === 6 && minor === 12 && inRange('<3.30.5 || >=3.31.0 <3.31.3')) {
      found.push('the connect-time load balancer does not load on kernel 6.12');
    }
    if (inRange('>=3.31.0 <3.31.4')) found.push('the flow-based VXLAN device uses VNI 0 whatever is set');
    const flowTunnel = (compareFelixKernels(release.value.raw, rhel ? '4.18.0-330' : '5.14.0') ?? -1) >= 0;
    if (!flowTunnel || !inRange('<3.22.5')) return known(found, ...origins, from(definition));
    const ways = read.fact(encapsulation);
    if (ways.state === 'unknown') return ways;
    if (ways.value.includes('ipip')) found.push('IPIP does not work with the tunnel devices of this kernel');
    return known(found, ...origins, from(definition), from(encapsulation));
  },
};
