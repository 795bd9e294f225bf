import { expect, it } from 'vitest';
import { networkOf } from '../../../../../test/datapath/network-of.ts';
import { traceFlow } from '../../../trace.ts';

it.each([
  ['--set --name SSH --mask 255.255.255.255 --rsource', 'dropped'],
  ['! --set --name SSH --mask 255.255.255.255 --rsource', 'left-network'],
  [
    '--rcheck --seconds 10800 --reap --name KUBE-SEP-AAAAAAAAAAAAAAAA --mask 255.255.255.255 --rsource',
    'left-network',
  ],
  [
    '! --rcheck --seconds 10800 --reap --name KUBE-SEP-AAAAAAAAAAAAAAAA --mask 255.255.255.255 --rsource',
    'unknown',
  ],
  ['--rcheck --seconds 60 --hitcount 4 --name SSH --mask 255.255.255.255 --rsource', 'unknown'],
  ['--update --seconds 60 --name KUBE-SEP-AAAAAAAAAAAAAAAA --mask 255.255.255.255 --rsource', 'unknown'],
])('-m recent %s: %s', async (match, end) => {
  const network = await networkOf({
    'nodes/n1/ip-addr.txt': [
      '2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP group default qlen 1000',
      '    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff',
      '    inet 192.168.0.2/24 brd 192.168.0.255 scope global eth0',
      '',
    ].join('\n'),
    'nodes/n1/ip-route.txt': '192.168.0.0/24 dev eth0 proto kernel scope link src 192.168.0.2\n',
    'nodes/n1/iptables-save.txt': `*filter\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -m recent ${match} -j DROP\nCOMMIT\n`,
  });
  const answer = traceFlow(network, { from: 'node/n1', to: '192.168.0.9:22' });
  if ('error' in answer) throw new Error(answer.error.message);
  expect(answer.paths.map(({ disposition }) => disposition)).toEqual([end]);
});
