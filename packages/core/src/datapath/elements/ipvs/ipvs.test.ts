import { describe, expect, it } from 'vitest';
import { ADDRESSES, ask, type Files, NODE } from '../../../../test/datapath/one-node.ts';

const SERVICE = '172.30.0.41';
const OUTSIDE = '203.0.113.9';

/** A node that balances for an address of its own, and marks what comes for port 443 first. */
const node: Files = {
  ...NODE,
  'nodes/n1/sysctl.txt':
    'net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.rp_filter = 0\nnet.ipv4.vs.conntrack = 1\n',
  'nodes/n1/ip-addr.txt': `${ADDRESSES}9: kube-ipvs0: <BROADCAST,NOARP> mtu 1500 qdisc noop state DOWN group default\n    inet ${SERVICE}/32 scope global kube-ipvs0\n`,
  'nodes/n1/ip-route.txt': `${NODE['nodes/n1/ip-route.txt']}local ${SERVICE} dev kube-ipvs0 table local scope host src ${SERVICE}\n`,
  'nodes/n1/iptables-save.txt': [
    '*mangle',
    ':PREROUTING ACCEPT',
    '-A PREROUTING -p tcp -m tcp --dport 443 -j MARK --set-xmark 0x7/0xffffffff',
    'COMMIT',
    '',
  ].join('\n'),
  'nodes/n1/ipvsadm-save.txt': [
    `-A -t ${SERVICE}:0 -s rr -p 300`,
    `-a -t ${SERVICE}:0 -r 198.51.100.10:0 -m -w 1`,
    `-A -t ${SERVICE}:80 -s rr`,
    `-a -t ${SERVICE}:80 -r 198.51.100.11:8080 -m -w 1`,
    `-A -t ${SERVICE}:443 -s rr`,
    `-a -t ${SERVICE}:443 -r 198.51.100.12:8443 -m -w 1`,
    '-A -f 7 -s rr',
    '-a -f 7 -r 198.51.100.13:0 -m -w 1',
    '',
  ].join('\n'),
};

describe('IPVS', () => {
  it.each([
    ['its port before one for all ports', 80, '198.51.100.11', 8080],
    ['one for all ports, which keeps the port', 81, '198.51.100.10', 81],
    ['its mark before its port', 443, '198.51.100.13', 443],
  ])('takes the service by %s', async (_, port, destination, destinationPort) => {
    const { paths } = await ask(node, { from: OUTSIDE, to: `${SERVICE}:${port}` });
    expect(paths.map(({ packet }) => packet)).toMatchObject([{ destination, destinationPort }]);
  });

  it('does not take a packet of another protocol', async () => {
    const { paths } = await ask(node, { from: OUTSIDE, to: `${SERVICE}:80`, protocol: 'udp' });
    expect(paths).toMatchObject([{ disposition: 'delivered', packet: { destination: SERVICE } }]);
  });

  it('rejects where the only server takes no new clients', async () => {
    const text = node['nodes/n1/ipvsadm-save.txt'] ?? '';
    const files = {
      ...node,
      'nodes/n1/ipvsadm-save.txt': text.replace('.11:8080 -m -w 1', '.11:8080 -m -w 0'),
    };
    const { paths } = await ask(files, { from: OUTSIDE, to: `${SERVICE}:80` });
    expect(paths.map(({ disposition }) => disposition)).toEqual(['rejected']);
  });

  it('claims nothing of a way that it does not model', async () => {
    const text = node['nodes/n1/ipvsadm-save.txt'] ?? '';
    const files = { ...node, 'nodes/n1/ipvsadm-save.txt': text.replace('.11:8080 -m', '.11:8080 -i') };
    const { paths } = await ask(files, { from: OUTSIDE, to: `${SERVICE}:80` });
    expect(paths.map(({ disposition }) => disposition)).toEqual(['unknown']);
  });
});
