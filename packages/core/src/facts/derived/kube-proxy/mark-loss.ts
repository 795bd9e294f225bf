import type { IptablesVersion } from '../../../parsers/iptables-version/index.ts';
import { containerIptablesVersionProbe, iptablesVersionProbe } from '../../../probes/firewall.ts';
import { type FactDefinition, known, unknown } from '../../fact.ts';
import { at } from '../../reader.ts';

/**
 * Whether iptables in some container of the node loses marks that the host's iptables wrote: the host has 1.8.8 or newer
 * on nf_tables, the container an older one on nf_tables (kubernetes issue 112477).
 */
export const markLoss: FactDefinition<boolean> = {
  id: 'iptables.mark-loss',
  title: 'a container misreads the marks of the host iptables',
  level: 'node',
  compute(read) {
    const host = read.probe(iptablesVersionProbe);
    if (host.state === 'missing' || host.value === undefined)
      return unknown({ fact: 'iptables version of the host', command: 'iptables -V', where: 'node' });
    const origin = at(host.file, host.value);
    if (!isNewNft(host.value)) return known(false, origin);
    const inside = read.members(containerIptablesVersionProbe).flatMap((container) => {
      const probe = read.probe(containerIptablesVersionProbe, container);
      return probe.state === 'read' && probe.value !== undefined
        ? [{ version: probe.value, origin: at(probe.file, probe.value) }]
        : [];
    });
    const old = inside.find(({ version }) => version.backend !== 'legacy' && !isNewNft(version));
    if (old !== undefined) return known(true, origin, old.origin);
    if (inside.length > 0) return known(false, origin, ...inside.map((one) => one.origin));
    return unknown({
      fact: 'iptables version in the containers that write rules',
      command: 'kubectl -n kube-system exec KUBE_PROXY_POD -- iptables -V',
    });
  },
};

function isNewNft({ version, backend }: IptablesVersion): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  const isNew = major > 1 || (major === 1 && (minor > 8 || (minor === 8 && patch >= 8)));
  return isNew && backend !== 'legacy';
}
