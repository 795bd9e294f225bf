import { describe, expect, it } from 'vitest';
import { networkOf } from '../../../../../test/datapath/network-of.ts';
import { traceFlow } from '../../../trace.ts';

/** Where a packet of the node for a service of IPVS ends, with one rule in the filter table. */
async function endWith(rule: string, to: string): Promise<readonly string[]> {
  const network = await networkOf({
    'nodes/n1/ip-addr.txt': [
      '2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP group default qlen 1000',
      '    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff',
      '    inet 192.168.0.2/24 brd 192.168.0.255 scope global eth0',
      '3: kube-ipvs0: <BROADCAST,NOARP> mtu 1500 qdisc noop state DOWN group default',
      '    link/ether 02:00:00:00:00:03 brd ff:ff:ff:ff:ff:ff',
      '    inet 10.96.0.1/32 scope global kube-ipvs0',
      '',
    ].join('\n'),
    'nodes/n1/ip-route.txt': '192.168.0.0/24 dev eth0 proto kernel scope link src 192.168.0.2\n',
    'nodes/n1/sysctl.txt': 'net.ipv4.vs.conntrack = 1\n',
    'nodes/n1/ipvsadm-save.txt': '-A -t 10.96.0.1:80 -s rr\n-a -t 10.96.0.1:80 -r 192.168.0.9:8080 -m -w 1\n',
    'nodes/n1/iptables-save.txt': `*filter\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT ${rule} -j DROP\nCOMMIT\n`,
  });
  const answer = traceFlow(network, { from: 'node/n1', to });
  if ('error' in answer) throw new Error(answer.error.message);
  return answer.paths.map(({ disposition }) => disposition);
}

const SERVICE = '10.96.0.1:80';
const OTHER = '192.168.0.9:8080';

describe('-m ipvs', () => {
  it.each([
    ['--vaddr 10.96.0.1 --vproto tcp --vport 80', SERVICE, 'dropped'],
    ['--vaddr 10.96.0.2', SERVICE, 'left-network'],
    ['! --vaddr 10.96.0.2', SERVICE, 'dropped'],
    ['--vaddr 10.96.0.0/24', SERVICE, 'dropped'],
    ['--vproto udp', SERVICE, 'left-network'],
    ['--vport 8080', SERVICE, 'left-network'],
    ['! --vport 8080', SERVICE, 'dropped'],
    ['--ipvs', SERVICE, 'dropped'],
    ['! --ipvs', SERVICE, 'left-network'],
    ['--ipvs', OTHER, 'left-network'],
    ['! --ipvs', OTHER, 'dropped'],
    ['--vaddr 192.168.0.9', OTHER, 'left-network'],
    ['! --vaddr 10.96.0.2', OTHER, 'left-network'],
  ])('%s, to %s: %s', async (match, to, end) => {
    expect(await endWith(`-m ipvs ${match}`, to)).toEqual([end]);
  });

  it('an option that is not modelled leaves the end open', async () => {
    expect(await endWith('-m ipvs --vmethod MASQ', SERVICE)).toEqual(['unknown']);
  });
});
