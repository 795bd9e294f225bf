import { expect, it } from 'vitest';
import { networkOf } from '../../../test/datapath/network-of.ts';
import { traceFlow } from '../trace.ts';

const files = {
  'nodes/n1/ip-addr.txt': [
    '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000',
    '    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00',
    '    inet 127.0.0.1/8 scope host lo',
    '    inet6 ::1/128 scope host',
    '2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP group default qlen 1000',
    '    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff',
    '    inet 192.168.0.2/24 brd 192.168.0.255 scope global eth0',
    '    inet6 2001:db8::2/64 scope global',
    '    inet6 2001:db8::3/64 scope global tentative',
    '3: kube-ipvs0: <BROADCAST,NOARP> mtu 1500 qdisc noop state DOWN group default',
    '    link/ether 02:00:00:00:00:03 brd ff:ff:ff:ff:ff:ff',
    '    inet 10.96.0.1/32 scope global kube-ipvs0',
    '    inet6 fd00:96::1/128 scope global',
    '4: down0: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN group default',
    '    link/ether 02:00:00:00:00:04 brd ff:ff:ff:ff:ff:ff',
    '    inet 172.16.0.1/24 brd 172.16.0.255 scope global down0',
    '',
  ].join('\n'),
  'nodes/n1/ip-route.txt':
    'default via 192.168.0.1 dev eth0\n192.168.0.0/24 dev eth0 proto kernel scope link src 192.168.0.2\n',
  'nodes/n1/ip6-route.txt': 'default via 2001:db8::1 dev eth0 metric 1024 pref medium\n',
  'nodes/n1/sysctl.txt':
    'net.ipv4.ip_forward = 1\nnet.ipv6.conf.all.forwarding = 1\nnet.ipv4.conf.all.rp_filter = 0\n',
  'nodes/n1/iptables-save.txt': '',
  'nodes/n1/ip6tables-save.txt': '',
};

it.each([
  { to: '192.168.0.2', isLocal: true, why: 'the interface is up' },
  { to: '10.96.0.1', isLocal: true, why: 'addresses of an interface that is down are local as well' },
  { to: '172.16.0.1', isLocal: true, why: 'the same, with a network' },
  { to: '172.16.0.255', isLocal: false, why: 'a broadcast address needs an interface that is up' },
  { to: 'fd00:96::1', isLocal: true, why: 'IPv6 has no address on an interface that was taken down' },
  { to: '2001:db8::3', isLocal: false, why: 'a tentative address is not used yet' },
])('$to: $why', async ({ to, isLocal }) => {
  const network = await networkOf(files);
  const from = to.includes('.') ? '203.0.113.9' : '2001:db8:a::9';
  const answer = traceFlow(network, { from, to: to.includes('.') ? `${to}:80` : `[${to}]:80` });
  if ('error' in answer) throw new Error(answer.error.message);
  expect(answer.paths.map(({ disposition }) => disposition === 'delivered')).toEqual([isLocal]);
});
