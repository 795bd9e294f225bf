import { nftablesRules, type ServiceSpec } from '../../kube-proxy/index.ts';
import type { Reproduction } from '../reproduction.ts';

const SERVICE: ServiceSpec = {
  namespace: 'default',
  name: 'web',
  type: 'NodePort',
  clusterIPs: ['10.96.0.1'],
  ports: [{ port: 80, nodePort: 30080 }],
  sessionAffinitySeconds: 10_800,
  endpoints: [{ address: '10.244.1.10' }, { address: '10.244.2.10' }],
};

/** What kube-proxy in nftables mode writes needs expressions that older kernels do not have. */
export const nftablesProxyRules: Reproduction = {
  name: 'nftables-proxy-rules',
  issues: ['kube-proxy/nftables-kernel-too-old'],
  method: 'loads the rules of a service as kube-proxy writes them in nftables mode; the kernel refuses them',
  async run(bed) {
    await bed.add('host');
    if ((await bed.try('host', 'nft add table ip try')) === undefined) {
      return {
        result: 'not-possible',
        measured: 'not even a table is taken: nft or the module nf_tables is missing',
      };
    }
    const rules = nftablesRules([SERVICE], {
      family: 4,
      nodeName: 'n1',
      nodeAddresses: ['192.0.2.1'],
      detectLocal: { clusterCIDR: '10.244.0.0/16' },
    });
    try {
      await bed.run('host', 'nft -f -', rules);
      return { result: 'absent', measured: 'the rules of a service with affinity and a node port are taken' };
    } catch (error) {
      const said = error instanceof Error ? (error.message.split('\n').at(-1) ?? '') : String(error);
      return { result: 'present', measured: `the rules of a service are refused: ${said}` };
    }
  },
};
