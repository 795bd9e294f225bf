import { loadSnapshot, Network } from '@netvet/core';
import type { ProxyOptions } from '../../src/kube-proxy/index.ts';

/** Addresses of the node and of who asks, by family. */
export const PLACES = {
  4: {
    node: '192.168.0.2',
    pods: '10.244.0.0/16',
    pod: '10.244.1.7',
    outside: ['203.0.113.9', '198.18.0.9'],
    ranges: ['203.0.113.0/24', '192.168.0.0/24'],
  },
  6: {
    node: '2001:db8::2',
    pods: 'fd00:10:244::/48',
    pod: 'fd00:10:244:1::7',
    outside: ['2001:db8:a::9', '2001:db8:b::9'],
    ranges: ['2001:db8:a::/48', '2001:db8::/64'],
  },
} as const;

/** An endpoint on node n1 or n2. */
export function podAddress(family: 4 | 6, node: 1 | 2, index: number): string {
  return family === 4 ? `10.244.${node}.${index}` : `fd00:10:244:${node}::${index}`;
}

/** Addresses of Services, one each for every index. */
export function serviceAddress(
  family: 4 | 6,
  kind: 'cluster' | 'external' | 'loadBalancer',
  index: number,
): string {
  const [four, six] = {
    cluster: ['10.96.0', 'fd00:10:96:'],
    external: ['192.0.2', '2001:db8:e:'],
    loadBalancer: ['198.51.100', '2001:db8:f:'],
  }[kind];
  return family === 4 ? `${four}.${index}` : `${six}:${index}`;
}

/** Node n1 with its pods behind cni0 and all else behind eth0; rules come beside it. */
export function nodeFiles(onKubeIpvs0: readonly string[] = []): Record<string, string> {
  const ipvs0 = onKubeIpvs0.map((address) =>
    address.includes(':')
      ? `    inet6 ${address}/128 scope global`
      : `    inet ${address}/32 scope global kube-ipvs0`,
  );
  return {
    'nodes/n1/ip-addr.txt': lines(
      '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000',
      '    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00',
      '    inet 127.0.0.1/8 scope host lo',
      '    inet6 ::1/128 scope host',
      '2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP group default qlen 1000',
      '    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff',
      '    inet 192.168.0.2/24 brd 192.168.0.255 scope global eth0',
      '    inet6 2001:db8::2/64 scope global',
      '3: cni0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000',
      '    link/ether 02:00:00:00:00:02 brd ff:ff:ff:ff:ff:ff',
      '    inet 10.244.1.1/24 brd 10.244.1.255 scope global cni0',
      '    inet6 fd00:10:244:1::1/64 scope global',
      ...(ipvs0.length === 0
        ? []
        : [
            '4: kube-ipvs0: <BROADCAST,NOARP> mtu 1500 qdisc noop state DOWN group default',
            '    link/ether 02:00:00:00:00:03 brd ff:ff:ff:ff:ff:ff',
            ...ipvs0,
          ]),
    ),
    'nodes/n1/ip-route.txt': lines(
      'default via 192.168.0.1 dev eth0',
      '10.244.1.0/24 dev cni0 proto kernel scope link src 10.244.1.1',
      '192.168.0.0/24 dev eth0 proto kernel scope link src 192.168.0.2',
    ),
    'nodes/n1/ip6-route.txt': lines(
      'fd00:10:244:1::/64 dev cni0 proto kernel metric 256 pref medium',
      '2001:db8::/64 dev eth0 proto kernel metric 256 pref medium',
      'default via 2001:db8::1 dev eth0 metric 1024 pref medium',
    ),
    'nodes/n1/sysctl.txt': lines(
      'net.ipv4.ip_forward = 1',
      'net.ipv4.conf.all.rp_filter = 0',
      'net.ipv4.conf.all.route_localnet = 1',
      'net.ipv4.vs.conntrack = 1',
      'net.ipv6.conf.all.forwarding = 1',
    ),
  };
}

/** The options that fit the node. */
export function nodeOptions(family: 4 | 6): ProxyOptions {
  const { node, pods } = PLACES[family];
  return { family, nodeName: 'n1', nodeAddresses: [node], detectLocal: { clusterCIDR: pods } };
}

/** A network of evidence files given as text. */
export async function networkOf(files: Readonly<Record<string, string>>): Promise<Network> {
  const encoder = new TextEncoder();
  return new Network(
    await loadSnapshot(
      Object.entries(files).map(([path, text]) => ({ path, chunks: [encoder.encode(text)] })),
    ),
  );
}

function lines(...all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
