import type { Network } from '../../datapath/model/network.ts';
import type { Snapshot } from '../../facts/snapshot/snapshot.ts';
import { kubeletConfigProbe } from '../../probes/configuration.ts';

const USUAL = 'cluster.local';

/** The domain that names of services end in: as a kubelet writes it into pods, as CoreDNS serves it, else the usual one. */
export function clusterDomain({ nodes }: Snapshot, network: Network): string {
  for (const { host } of nodes) {
    const read = host.read(kubeletConfigProbe, '');
    const domain = read.state === 'missing' ? undefined : read.value?.settings.clusterDomain;
    if (typeof domain === 'string' && domain !== '') return withoutDot(domain);
  }
  const { data } = (network.object('configmaps', 'kube-system', 'coredns')?.object ?? {}) as {
    readonly data?: { readonly Corefile?: unknown };
  };
  const served = /^\s*kubernetes\s+([a-z0-9][a-z0-9.-]*)/m.exec(String(data?.Corefile ?? ''))?.[1];
  return served === undefined ? USUAL : withoutDot(served);
}

function withoutDot(name: string): string {
  return name.replace(/\.$/, '').toLowerCase();
}
