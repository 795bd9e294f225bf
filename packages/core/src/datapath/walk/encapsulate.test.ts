import { describe, expect, it } from 'vitest';
import { ask, dispositions, type Files } from '../../../test/datapath/one-node.ts';

describe('tunnels', () => {
  const host = (index: number, tunnel: readonly string[]): string =>
    [
      '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000',
      '    inet 127.0.0.1/8 scope host lo',
      '2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP group default qlen 1000',
      `    link/ether 02:00:00:00:00:0${index} brd ff:ff:ff:ff:ff:ff`,
      `    inet 192.0.2.${index}/24 brd 192.0.2.255 scope global eth0`,
      '5: cni0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 qdisc noqueue state UP group default qlen 1000',
      `    link/ether 02:00:00:00:01:0${index} brd ff:ff:ff:ff:ff:ff`,
      `    inet 10.244.${index}.1/24 scope global cni0`,
      ...tunnel,
      '',
    ].join('\n');
  const sysctl = 'net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.rp_filter = 0\n';
  const ipip = (index: number): readonly string[] => [
    '6: tunl0@NONE: <NOARP,UP,LOWER_UP> mtu 1480 qdisc noqueue state UNKNOWN group default qlen 1000',
    '    link/ipip 0.0.0.0 brd 0.0.0.0 promiscuity 0 minmtu 0 maxmtu 0',
    '    ipip any remote any local any ttl inherit nopmtudisc numtxqueues 1 numrxqueues 1',
    `    inet 10.244.${index}.0/32 scope global tunl0`,
  ];
  const vxlan = (index: number): readonly string[] => [
    '7: vxlan.calico: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 qdisc noqueue state UNKNOWN group default qlen 1000',
    `    link/ether 66:00:00:00:00:0${index} brd ff:ff:ff:ff:ff:ff promiscuity 0`,
    `    vxlan id 4096 local 192.0.2.${index} dev eth0 srcport 0 0 dstport 4789 nolearning ttl auto ageing 300`,
    `    inet 10.244.${index}.0/32 scope global vxlan.calico`,
  ];
  const cluster = (
    tunnel: (index: number) => readonly string[],
    route: (other: number) => string,
  ): Files => ({
    'nodes/n1/ip-addr.txt': host(1, tunnel(1)),
    'nodes/n1/ip-route.txt': `192.0.2.0/24 dev eth0 scope link\n10.244.1.0/24 dev cni0 scope link\n${route(2)}\n`,
    'nodes/n1/sysctl.txt': sysctl,
    'nodes/n2/ip-addr.txt': host(2, tunnel(2)),
    'nodes/n2/ip-route.txt': `192.0.2.0/24 dev eth0 scope link\n10.244.2.0/24 dev cni0 scope link\n${route(1)}\n`,
    'nodes/n2/sysctl.txt': sysctl,
  });
  const vxlanFiles: Files = {
    ...cluster(vxlan, (other) => `10.244.${other}.0/24 via 10.244.${other}.0 dev vxlan.calico onlink`),
    'nodes/n1/ip-neigh.txt': '10.244.2.0 dev vxlan.calico lladdr 66:00:00:00:00:02 PERMANENT\n',
    'nodes/n1/bridge-fdb.txt': '66:00:00:00:00:02 dev vxlan.calico dst 192.0.2.2 self permanent\n',
    'nodes/n2/ip-neigh.txt': '10.244.1.0 dev vxlan.calico lladdr 66:00:00:00:00:01 PERMANENT\n',
    'nodes/n2/bridge-fdb.txt': '66:00:00:00:00:01 dev vxlan.calico dst 192.0.2.1 self permanent\n',
  };
  const ipipFiles = cluster(ipip, (other) => `10.244.${other}.0/24 via 192.0.2.${other} dev tunl0 onlink`);
  const question = { from: '10.244.1.9', in: 'n1/cni0', to: '10.244.2.1:80' };

  it.each([
    ['VXLAN', vxlanFiles, 'vxlan'],
    ['IPIP', ipipFiles, 'ipip'],
  ])('%s carries a packet to the other node and its answer back', async (_, files, kind) => {
    const answer = await ask(files, question, { withReply: true });
    expect(answer.paths).toMatchObject([
      {
        disposition: 'delivered',
        at: { node: 'n2' },
        packet: { source: '10.244.1.9', destination: '10.244.2.1' },
        reply: { disposition: 'left-network', at: { node: 'n1', interface: 'cni0' } },
      },
    ]);
    const tunnels = answer.paths[0]?.steps.filter(({ element }) => element === 'tunnel');
    expect(tunnels?.map(({ action }) => action)).toEqual(['encapsulate', 'decapsulate']);
    expect(tunnels?.[0]?.detail).toContain(kind);
  });

  it.each([
    ['no neighbour', { 'nodes/n1/ip-neigh.txt': '' }, 'neighbor-unreachable'],
    ['no entry in the forwarding database', { 'nodes/n1/bridge-fdb.txt': '' }, 'dropped'],
    [
      'another hardware address',
      { 'nodes/n2/ip-addr.txt': host(2, vxlan(2)).replace('66:00:00:00:00:02', '66:00:00:00:00:99') },
      'dropped',
    ],
    [
      'a filter in the underlay',
      {
        'nodes/n2/iptables-save.txt':
          '*filter\n:INPUT ACCEPT\n-A INPUT -p udp -m udp --dport 4789 -j DROP\nCOMMIT\n',
      },
      'dropped',
    ],
    [
      'a wrong tunnel endpoint',
      { 'nodes/n1/bridge-fdb.txt': '66:00:00:00:00:02 dev vxlan.calico dst 192.0.2.77 self permanent\n' },
      'left-network',
    ],
  ])('VXLAN with %s', async (_, changed, disposition) => {
    expect(dispositions(await ask({ ...vxlanFiles, ...changed }, question))).toEqual([disposition]);
  });

  it('the packet inside has to fit through the tunnel', async () => {
    expect(dispositions(await ask(vxlanFiles, { ...question, size: 1451 }))).toEqual(['too-big']);
    expect(dispositions(await ask(vxlanFiles, { ...question, size: 1450 }))).toEqual(['delivered']);
  });
});
