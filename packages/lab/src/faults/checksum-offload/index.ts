import type { LabOptions } from '../../cluster/options.ts';
import { iptablesTool } from '../../firewall/restore.ts';
import { VXLAN } from '../../modes/vxlan/device.ts';
import { inside } from '../../netns/command.ts';
import type { Fault } from '../fault.ts';
import { farNode, needsVxlan } from '../places.ts';

/**
 * Rules as before Calico 3.29 and before Kubernetes 1.16.13: packets of the tunnel are tracked, and the mark that asks for masquerading
 * stays on a packet that goes into the tunnel. Its outer packet gets another port, and with the offload on, a wrong checksum.
 * A real card sends it as it is. Between veth devices nobody would look at it, so the ports of the switch take over no checksums.
 */
export const checksumOffload: Fault = {
  id: 'checksum-offload',
  title: 'packets of the tunnel are masqueraded, and their checksums left to the hardware',
  isInEvidence: false,
  whyNot: (options) => needsVxlan(options) ?? needsIptables(options),
  apply: ({ nodes, options, switch: hub }) => {
    const tool = iptablesTool(options.proxy, 4);
    const kept = ['-m', 'mark', '--mark', '0x4000/0x4000', '-j', 'MASQUERADE', '--random-fully'];
    return nodes.flatMap(({ netns, name }) => [
      inside(netns, [tool, '-t', 'raw', '-F', 'cali-OUTPUT']),
      inside(netns, [tool, '-t', 'nat', '-I', 'POSTROUTING', ...kept]),
      inside(hub, ['ethtool', '-K', name, 'tx', 'off']),
      inside(netns, ['ethtool', '-K', VXLAN, 'tx-checksum-ip-generic', 'on']),
    ]);
  },
  // The DNS server is on the first node; what a node itself sends to a Service is masqueraded.
  breaks: (cluster) => [
    { from: `node/${farNode(cluster).name}`, to: 'service/kube-system/kube-dns:53', protocol: 'udp' },
  ],
};

function needsIptables({ proxy }: LabOptions): string | undefined {
  return proxy.startsWith('iptables-') ? undefined : `proxy ${proxy} takes the mark away by itself`;
}
