import type { TraceAnswer, TraceQuestion } from '../../src/datapath/model/answer.ts';
import { type TraceOptions, traceFlow } from '../../src/datapath/trace.ts';
import { networkOf } from './network-of.ts';

/** Evidence files by path. */
export type Files = Readonly<Record<string, string>>;

/** `ip addr` of a node with two interfaces that are up and one that is down. */
export const ADDRESSES = [
  '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000',
  '    inet 127.0.0.1/8 scope host lo',
  '2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP group default qlen 1000',
  '    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff',
  '    inet 192.0.2.1/24 brd 192.0.2.255 scope global eth0',
  '3: eth1: <BROADCAST,MULTICAST> mtu 1400 qdisc mq state DOWN group default qlen 1000',
  '    link/ether 02:00:00:00:00:02 brd ff:ff:ff:ff:ff:ff',
  '4: eth2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1400 qdisc mq state UP group default qlen 1000',
  '    link/ether 02:00:00:00:00:03 brd ff:ff:ff:ff:ff:ff',
  '    inet 198.51.100.1/24 brd 198.51.100.255 scope global eth2',
  '',
].join('\n');

/** A node without any rules. */
export const NODE: Files = {
  'nodes/n1/ip-addr.txt': ADDRESSES,
  'nodes/n1/ip-route.txt': [
    'default via 192.0.2.254 dev eth0',
    '192.0.2.0/24 dev eth0 proto kernel scope link src 192.0.2.1',
    '198.51.100.0/24 dev eth2 proto kernel scope link src 198.51.100.1',
    'blackhole 10.1.0.0/16',
    'unreachable 10.2.0.0/16',
    'prohibit 10.3.0.0/16',
    '10.4.0.0/16 dev eth1 scope link',
    'throw 10.5.0.0/16 table 100',
    '10.6.0.0/16 via 192.0.2.9 dev eth0 table 100',
    '',
  ].join('\n'),
  'nodes/n1/ip-rule.txt':
    '0:\tfrom all lookup local\n100:\tfrom all fwmark 0x1/0x1 lookup 100\n200:\tfrom all lookup main suppress_prefixlength 0\n300:\tfrom 198.51.100.7 unreachable\n32766:\tfrom all lookup main\n',
  'nodes/n1/ip-neigh.txt':
    '192.0.2.8 dev eth0 FAILED\n192.0.2.9 dev eth0 lladdr 02:00:00:00:00:99 REACHABLE\n',
  'nodes/n1/sysctl.txt': 'net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.rp_filter = 1\n',
};

/** Asks, and throws where the question can not be answered. */
export async function ask(
  files: Files,
  question: TraceQuestion,
  options?: TraceOptions,
): Promise<TraceAnswer> {
  const answer = traceFlow(await networkOf(files), question, options);
  if ('error' in answer) throw new Error(answer.error.message);
  return answer;
}

export function dispositions(answer: TraceAnswer): readonly string[] {
  return answer.paths.map(({ disposition }) => disposition);
}
