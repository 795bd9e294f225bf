import { nodeName } from './objects.ts';

const KERNELS = [
  '3.10.0-1160.el7.x86_64',
  '4.18.0-305.el8.x86_64',
  '4.18.0-553.el8_10.x86_64',
  '5.4.0-150-generic',
  '5.15.0-87-generic',
];

const SYSTEMS = [
  'NAME="CentOS Linux"\nVERSION="7 (Core)"\nID="centos"\nID_LIKE="rhel fedora"\nVERSION_ID="7"\n',
  'NAME="Rocky Linux"\nVERSION="8.4"\nID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="8.4"\nPLATFORM_ID="platform:el8"\n',
  'NAME="Rocky Linux"\nVERSION="8.10"\nID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="8.10"\nPLATFORM_ID="platform:el8"\n',
  'NAME="Ubuntu"\nVERSION="20.04"\nID=ubuntu\nID_LIKE=debian\nVERSION_ID="20.04"\n',
  'NAME="Ubuntu"\nVERSION="22.04"\nID=ubuntu\nID_LIKE=debian\nVERSION_ID="22.04"\n',
];

/** Probe files of one node. Nodes of one kind differ only in what is their own: name, addresses, routes. */
export function nodeEvidence(index: number, kinds: number): readonly (readonly [string, string])[] {
  const kind = index % kinds;
  const base = `nodes/${nodeName(index)}`;
  const kernel = KERNELS[kind % KERNELS.length] ?? '';
  const subnet = `10.${128 + (index >> 8)}.${index & 255}`;
  return [
    [
      `${base}/uname.txt`,
      `Linux ${nodeName(index)} ${kernel} #1 SMP Mon Oct 19 16:18:59 UTC 2020 x86_64 x86_64 x86_64 GNU/Linux\n`,
    ],
    [`${base}/os-release.txt`, SYSTEMS[kind % SYSTEMS.length] ?? ''],
    [`${base}/kube-proxy-mode.txt`, kind % 2 === 0 ? 'ipvs' : 'iptables'],
    [`${base}/sysctl.txt`, sysctls(kind)],
    [`${base}/iptables-version.txt`, kind % 5 === 0 ? 'iptables v1.4.21\n' : 'iptables v1.8.4 (nf_tables)\n'],
    [`${base}/ethtool-features/vxlan.calico.txt`, features(kind % 3 === 0)],
    [`${base}/ip-route.txt`, routes(index, subnet)],
    [`${base}/ip-addr.txt`, addresses(index)],
  ];
}

function sysctls(kind: number): string {
  const lines = Array.from({ length: 200 }, (_, at) => `net.core.setting_${at} = ${at}`);
  return [
    'kernel.ostype = Linux',
    ...lines,
    'net.ipv4.ip_forward = 1',
    `net.ipv4.vs.conn_reuse_mode = ${kind % 4 < 2 ? 1 : 0}`,
    'net.ipv4.vs.conntrack = 1',
    '',
  ].join('\n');
}

function features(on: boolean): string {
  return `Features for vxlan.calico:\nrx-checksumming: on\ntx-checksumming: ${on ? 'on' : 'off'}\n\ttx-checksum-ip-generic: ${on ? 'on' : 'off'}\ntcp-segmentation-offload: ${on ? 'on' : 'off'}\n`;
}

function routes(index: number, subnet: string): string {
  const pods = Array.from(
    { length: 30 },
    (_, at) =>
      `${subnet}.${at + 2} dev cali${index.toString(16).padStart(6, '0')}${at.toString(16).padStart(5, '0')} scope link `,
  );
  return [
    `default via 172.16.0.1 dev eth0 proto static `,
    ...pods,
    `172.16.0.0/16 dev eth0 proto kernel scope link src 172.16.${index >> 8}.${index & 255} `,
    '',
  ].join('\n');
}

function addresses(index: number): string {
  return `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP group default qlen 1000
    link/ether 52:54:00:00:${((index >> 8) & 255).toString(16).padStart(2, '0')}:${(index & 255).toString(16).padStart(2, '0')} brd ff:ff:ff:ff:ff:ff
    inet 172.16.${index >> 8}.${index & 255}/16 brd 172.16.255.255 scope global eth0
       valid_lft forever preferred_lft forever
`;
}
