import type { Cluster } from '../cluster/plan.ts';
import { modeById } from '../modes/index.ts';

/** Files of a node that no command gives, because kubelet and kube-proxy do not really run in a lab. */
export function nodeFiles(cluster: Cluster): Readonly<Record<string, string>> {
  const { mode, proxy } = cluster.options;
  const dns = cluster.services.find(({ name }) => name === 'kube-dns');
  return {
    'kubelet-config.yaml': [
      'apiVersion: kubelet.config.k8s.io/v1beta1',
      'kind: KubeletConfiguration',
      'clusterDomain: cluster.local',
      ...(dns === undefined ? [] : ['clusterDNS:', `- ${dns.address}`]),
    ]
      .map((line) => `${line}\n`)
      .join(''),
    ...(proxy === 'none' ? {} : { 'kube-proxy-mode.txt': proxy.startsWith('iptables') ? 'iptables' : proxy }),
    ...(modeById(mode).isCalico
      ? {
          'cni-conf/10-calico.conflist': conflist('k8s-pod-network', {
            type: 'calico',
            ipam: { type: 'calico-ipam' },
          }),
        }
      : {
          'cni-conf/10-bridge.conflist': conflist('lab', {
            type: 'bridge',
            bridge: 'cni0',
            isDefaultGateway: true,
            ipMasq: true,
            hairpinMode: true,
            ipam: { type: 'host-local' },
          }),
        }),
  };
}

function conflist(name: string, plugin: object): string {
  return `${JSON.stringify({ name, cniVersion: '0.3.1', plugins: [plugin] }, null, 1)}\n`;
}
