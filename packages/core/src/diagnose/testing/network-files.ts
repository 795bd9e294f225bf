import {
  lines,
  type Mode,
  NODES,
  type NodePlan,
  nodeAddress,
  nodeMac,
  type PodPlan,
  podAddress,
  podAddress6,
  podMac,
  tunnelAddress,
} from './plan.ts';

const LOOPBACK = [
  '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000',
  '    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00',
  '    inet 127.0.0.1/8 scope host lo',
  '    inet6 ::1/128 scope host',
];
const UP = '<BROADCAST,MULTICAST,UP,LOWER_UP>';
const FAR_END_MAC = 'ee:ee:ee:ee:ee:ee';
const FAR_END_V6 = 'fe80::ecee:eeff:feee:eeee';
/** Index of a pod's end on the node; that in the pod is always 3, as with the real plugin. */
const HOST_INDEX = 20;

/** What `ip`, `bridge` and `sysctl` print on a node. */
export function nodeNetwork(node: NodePlan, mode: Mode): Readonly<Record<string, string>> {
  const directory = `nodes/${node.name}`;
  const others = NODES.filter((other) => other !== node);
  return {
    [`${directory}/ip-addr.txt`]: lines(LOOPBACK, nic(node), tunnel(node, mode), podEnds(node, mode)),
    [`${directory}/ip-route.txt`]: lines(
      'default via 192.0.2.254 dev eth0 proto dhcp',
      `192.0.2.0/24 dev eth0 proto kernel scope link src ${nodeAddress(node)}`,
      localRoutes(node, mode),
      others.map((other) => remoteRoute(other, mode)),
    ),
    [`${directory}/ip6-route.txt`]: lines(
      '2001:db8::/64 dev eth0 proto kernel metric 256 pref medium',
      mode === 'bridge'
        ? `fd00:10:244:${node.index}::/64 dev cni0 proto kernel metric 256 pref medium`
        : node.pods.map((pod) => `${podAddress6(node, pod)} dev ${pod.device} metric 1024 pref medium`),
      others.map(
        ({ index }) => `fd00:10:244:${index}::/64 via 2001:db8::${index} dev eth0 metric 1024 pref medium`,
      ),
      'default via 2001:db8::fe dev eth0 proto ra metric 1024 pref medium',
    ),
    [`${directory}/ip6-rule.txt`]: lines('0:\tfrom all lookup local', '32766:\tfrom all lookup main'),
    [`${directory}/ip-rule.txt`]: lines(
      '0:\tfrom all lookup local',
      '32766:\tfrom all lookup main',
      '32767:\tfrom all lookup default',
    ),
    [`${directory}/ip-neigh.txt`]: lines(
      others.map((other) => `${nodeAddress(other)} dev eth0 lladdr ${nodeMac(other)} REACHABLE`),
      hasVxlan(mode)
        ? others.map((other) => `${tunnelAddress(other)} dev vxlan.calico lladdr ${other.vtepMac} PERMANENT`)
        : [],
      node.pods.map(
        (pod) =>
          `${podAddress(node, pod)} dev ${mode === 'bridge' ? 'cni0' : pod.device} lladdr ${podMac(node, pod)} STALE`,
      ),
    ),
    [`${directory}/bridge-fdb.txt`]: lines(
      '01:00:5e:00:00:01 dev eth0 self permanent',
      hasVxlan(mode)
        ? others.map((other) => `${other.vtepMac} dev vxlan.calico dst ${nodeAddress(other)} self permanent`)
        : [],
    ),
    [`${directory}/sysctl.txt`]: lines(
      'net.ipv4.ip_forward = 1',
      'net.ipv4.conf.all.rp_filter = 0',
      'net.ipv4.conf.eth0.rp_filter = 1',
      'net.ipv6.conf.all.forwarding = 1',
      mode === 'bridge'
        ? ['net.bridge.bridge-nf-call-iptables = 1', 'net.bridge.bridge-nf-call-ip6tables = 1']
        : node.pods.flatMap(({ device }) => podEndSettings(device)),
    ),
  };
}

/** What the same tools print inside a pod. */
export function podNetwork(node: NodePlan, pod: PodPlan, mode: Mode): Readonly<Record<string, string>> {
  const directory = `nodes/${node.name}/netns/${pod.namespace}_${pod.name}`;
  const isBridge = mode === 'bridge';
  const gateway = isBridge ? `10.244.${node.index}.1` : '169.254.1.1';
  const gateway6 = isBridge ? `fd00:10:244:${node.index}::1` : FAR_END_V6;
  return {
    [`${directory}/ip-addr.txt`]: lines(
      LOOPBACK,
      `3: eth0@if${hostIndex(node, pod)}: ${UP} mtu ${podMtu(mode)} qdisc noqueue state UP group default`,
      `    link/ether ${podMac(node, pod)} brd ff:ff:ff:ff:ff:ff link-netnsid 0`,
      '    veth',
      `    inet ${podAddress(node, pod)}/${isBridge ? '24' : '32'} scope global eth0`,
      `    inet6 ${podAddress6(node, pod)}/${isBridge ? '64' : '128'} scope global`,
      `    inet6 fe80::a:${pod.host}/64 scope link`,
    ),
    [`${directory}/ip-route.txt`]: lines(
      `default via ${gateway} dev eth0`,
      isBridge
        ? `10.244.${node.index}.0/24 dev eth0 proto kernel scope link src ${podAddress(node, pod)}`
        : '169.254.1.1 dev eth0 scope link',
    ),
    [`${directory}/ip6-route.txt`]: lines(
      `fd00:10:244:${node.index}::${isBridge ? '/64' : pod.host} dev eth0 proto kernel metric 256 pref medium`,
      `default via ${gateway6} dev eth0 metric 1024 pref medium`,
    ),
    [`${directory}/ip-neigh.txt`]: lines(
      `${gateway} dev eth0 lladdr ${isBridge ? bridgeMac(node) : FAR_END_MAC} REACHABLE`,
    ),
    [`${directory}/sysctl.txt`]: lines(
      'net.ipv4.ip_forward = 0',
      'net.ipv4.conf.all.rp_filter = 0',
      'net.ipv4.conf.eth0.rp_filter = 0',
      'net.ipv6.conf.all.forwarding = 0',
    ),
    [`${directory}/iptables-legacy-save.txt`]: '',
    [`${directory}/ip6tables-legacy-save.txt`]: '',
    [`${directory}/nft-ruleset.txt`]: '',
  };
}

function hasVxlan(mode: Mode): boolean {
  return mode === 'vxlan' || mode === 'cross-subnet';
}

function podMtu(mode: Mode): number {
  if (hasVxlan(mode)) return 1450;
  return mode === 'ipip' ? 1480 : 1500;
}

function hostIndex({ pods }: NodePlan, pod: PodPlan): number {
  return HOST_INDEX + pods.indexOf(pod);
}

function bridgeMac({ index }: NodePlan): string {
  return `0e:00:00:00:00:0${index}`;
}

function nic(node: NodePlan): readonly string[] {
  return [
    `2: eth0: ${UP} mtu 1500 qdisc mq state UP group default qlen 1000`,
    `    link/ether ${nodeMac(node)} brd ff:ff:ff:ff:ff:ff`,
    `    inet ${nodeAddress(node)}/24 brd 192.0.2.255 scope global eth0`,
    `    inet6 2001:db8::${node.index}/64 scope global`,
    `    inet6 fe80::${node.index}/64 scope link`,
  ];
}

function tunnel(node: NodePlan, mode: Mode): readonly string[] {
  if (mode === 'ipip') {
    return [
      '4: tunl0@NONE: <NOARP,UP,LOWER_UP> mtu 1480 qdisc noqueue state UNKNOWN group default qlen 1000',
      '    link/ipip 0.0.0.0 brd 0.0.0.0 promiscuity 0 minmtu 0 maxmtu 0',
      '    ipip any remote any local any ttl inherit nopmtudisc',
      `    inet ${tunnelAddress(node)}/32 scope global tunl0`,
    ];
  }
  if (!hasVxlan(mode)) return [];
  return [
    `4: vxlan.calico: ${UP} mtu 1450 qdisc noqueue state UNKNOWN group default qlen 1000`,
    `    link/ether ${node.vtepMac} brd ff:ff:ff:ff:ff:ff`,
    `    vxlan id 4096 local ${nodeAddress(node)} dev eth0 srcport 0 0 dstport 4789 nolearning ttl auto ageing 300 udpcsum`,
    `    inet ${tunnelAddress(node)}/32 scope global vxlan.calico`,
  ];
}

function podEnds(node: NodePlan, mode: Mode): readonly string[] {
  const bridge =
    mode === 'bridge'
      ? [
          `10: cni0: ${UP} mtu 1500 qdisc noqueue state UP group default qlen 1000`,
          `    link/ether ${bridgeMac(node)} brd ff:ff:ff:ff:ff:ff`,
          '    bridge forward_delay 1500 hello_time 200 max_age 2000',
          `    inet 10.244.${node.index}.1/24 brd 10.244.${node.index}.255 scope global cni0`,
          `    inet6 fd00:10:244:${node.index}::1/64 scope global`,
          `    inet6 fe80::c:${node.index}/64 scope link`,
        ]
      : [];
  return [...bridge, ...node.pods.flatMap((pod) => podEnd(node, pod, mode))];
}

function podEnd(node: NodePlan, pod: PodPlan, mode: Mode): readonly string[] {
  const isPort = mode === 'bridge';
  return [
    `${hostIndex(node, pod)}: ${pod.device}@if3: ${UP} mtu ${podMtu(mode)} qdisc noqueue ${isPort ? 'master cni0 ' : ''}state UP group default`,
    `    link/ether ${isPort ? podMac(node, pod).replace('0a', '0b') : FAR_END_MAC} brd ff:ff:ff:ff:ff:ff link-netns ${pod.namespace}_${pod.name}`,
    '    veth',
    ...(isPort
      ? ['    bridge_slave state forwarding hairpin on']
      : [`    inet6 ${FAR_END_V6}/64 scope link`]),
  ];
}

function podEndSettings(device: string): readonly string[] {
  return ['forwarding', 'proxy_arp', 'route_localnet'].map((name) => `net.ipv4.conf.${device}.${name} = 1`);
}

function localRoutes(node: NodePlan, mode: Mode): readonly string[] {
  const { index, pods } = node;
  if (mode === 'bridge')
    return [`10.244.${index}.0/24 dev cni0 proto kernel scope link src 10.244.${index}.1`];
  const owner = hasVxlan(mode) ? '80' : 'bird';
  return [
    ...pods.map((pod) => `${podAddress(node, pod)} dev ${pod.device} scope link`),
    `blackhole 10.244.${index}.0/26 proto ${owner}`,
  ];
}

function remoteRoute(other: NodePlan, mode: Mode): string {
  const via = nodeAddress(other);
  switch (mode) {
    case 'vxlan':
      return `10.244.${other.index}.0/26 via ${tunnelAddress(other)} dev vxlan.calico onlink`;
    case 'cross-subnet':
      return `10.244.${other.index}.0/26 via ${via} dev eth0 proto 80 onlink`;
    case 'ipip':
      return `10.244.${other.index}.0/26 via ${via} dev tunl0 proto bird onlink`;
    case 'routed':
      return `10.244.${other.index}.0/26 via ${via} dev eth0 proto bird`;
    case 'bridge':
      return `10.244.${other.index}.0/24 via ${via} dev eth0`;
  }
}
