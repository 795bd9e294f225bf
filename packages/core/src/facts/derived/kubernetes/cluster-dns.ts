import { kubeletConfigProbe, kubeletFlagsProbe } from '../../../probes/configuration.ts';
import { type Fact, type FactDefinition, known, unknown } from '../../fact.ts';
import { at, type Reader } from '../../reader.ts';
import { readConfigMap } from '../config-map/index.ts';

/**
 * Name server that the kubelet writes into pods: its flag, else its own configuration file, else what kubeadm keeps for
 * all kubelets. Several are joined with a comma.
 */
export const clusterDns: FactDefinition<string> = {
  id: 'kubelet.cluster-dns',
  title: 'clusterDNS of the kubelet',
  level: 'node',
  compute(read) {
    const flags = read.probe(kubeletFlagsProbe);
    const flag = flags.state === 'read' ? flags.value.get('cluster-dns') : undefined;
    if (flags.state === 'read' && flag !== undefined)
      return known(flag.values.join(','), at(flags.file, flag));
    return inFile(read) ?? inConfigMap(read) ?? unknown(MISSING);
  },
};

const MISSING = {
  fact: 'clusterDNS of the kubelet',
  command: 'cat /var/lib/kubelet/config.yaml',
  where: 'node',
};

function inFile(read: Reader): Fact<string> | undefined {
  const config = read.probe(kubeletConfigProbe);
  if (config.state === 'missing' || config.value === undefined) return undefined;
  const addresses = addressesOf(config.value.settings);
  if (addresses === undefined) return undefined;
  const line = config.value.lineOf(['clusterDNS']);
  return known(addresses, at(config.file, line === undefined ? {} : { line }));
}

function inConfigMap(read: Reader): Fact<string> | undefined {
  const config = readConfigMap(read, 'kube-system', 'kubelet-config', 'kubelet');
  const addresses = config.state === 'read' ? addressesOf(config.document.value) : undefined;
  return config.state === 'read' && addresses !== undefined
    ? known(addresses, config.document.origin)
    : undefined;
}

function addressesOf(settings: unknown): string | undefined {
  const list = (settings as { clusterDNS?: unknown } | null)?.clusterDNS;
  return Array.isArray(list) && list.length > 0 ? list.join(',') : undefined;
}

/** Whether pods ask the cluster IP of the DNS Service instead of an agent on the node. */
export const dnsByService: FactDefinition<boolean> = {
  id: 'kubelet.cluster-dns-is-service',
  title: 'pods ask the cluster IP of the DNS Service',
  level: 'node',
  compute(read) {
    const dns = read.fact(clusterDns);
    if (dns.state === 'unknown') return dns;
    const addresses = dns.value.split(',').map((address) => address.trim());
    // Agents on the node listen on link-local addresses, which no Service has.
    if (addresses.every((address) => /^(169\.254\.|fe80:)/i.test(address)))
      return known(false, ...dns.origins);
    const services = read.objects('services');
    const owned = (services?.items ?? []).some(({ object }) => {
      const { clusterIP } = (object.spec ?? {}) as { clusterIP?: string };
      return clusterIP !== undefined && addresses.includes(clusterIP);
    });
    if (owned) return known(true, ...dns.origins);
    if (services?.complete === true) return known(false, ...dns.origins);
    return unknown({
      fact: 'cluster IP of the DNS Service',
      command: 'kubectl -n kube-system get service kube-dns -o json',
    });
  },
};
