import { lines, type Mode, NODES, type NodePlan, nodeAddress, podAddress } from './plan.ts';

/** Rules and sets of a node: kube-proxy in iptables mode, and Calico's where Calico carries the packets. */
export function nodeRules(node: NodePlan, mode: Mode): Readonly<Record<string, string>> {
  const directory = `nodes/${node.name}`;
  const isCalico = mode !== 'bridge';
  return {
    [`${directory}/iptables-legacy-save.txt`]: lines(
      isCalico ? RAW : [],
      natRules(isCalico),
      filterRules(node, mode),
    ),
    [`${directory}/ip6tables-legacy-save.txt`]: '',
    [`${directory}/nft-ruleset.txt`]: '',
    [`${directory}/ipset-save.txt`]: isCalico ? sets() : '',
  };
}

const RAW = [
  '*raw',
  ':PREROUTING ACCEPT [0:0]',
  ':OUTPUT ACCEPT [0:0]',
  ':cali-OUTPUT - [0:0]',
  '-A OUTPUT -m comment --comment "cali:tVnHkvAo15HuiPy0" -j cali-OUTPUT',
  '-A cali-OUTPUT -p udp -m udp --dport 4789 -j NOTRACK',
  'COMMIT',
];

interface ServicePlan {
  readonly name: string;
  readonly address: string;
  readonly protocol: string;
  readonly port: number;
  readonly targetPort: number;
  readonly endpoints: readonly string[];
}

/** Addresses of pods of n2 by their names. */
const server = (name: string): string => {
  const node = NODES.find(({ pods }) => pods.some((pod) => pod.name === name));
  const pod = node?.pods.find((candidate) => candidate.name === name);
  return node === undefined || pod === undefined ? '' : podAddress(node, pod);
};

/** The services of the cluster. */
export const SERVICES: readonly ServicePlan[] = [
  {
    name: 'default/web',
    address: '10.96.0.20',
    protocol: 'tcp',
    port: 80,
    targetPort: 8080,
    endpoints: [server('web'), server('web-2')],
  },
  {
    name: 'kube-system/kube-dns',
    address: '10.96.0.10',
    protocol: 'udp',
    port: 53,
    targetPort: 53,
    endpoints: [server('coredns')],
  },
];

function natRules(isCalico: boolean): readonly string[] {
  return [
    '*nat',
    ':PREROUTING ACCEPT [0:0]',
    ':INPUT ACCEPT [0:0]',
    ':OUTPUT ACCEPT [0:0]',
    ':POSTROUTING ACCEPT [0:0]',
    ':KUBE-MARK-MASQ - [0:0]',
    ':KUBE-POSTROUTING - [0:0]',
    ':KUBE-SERVICES - [0:0]',
    ...SERVICES.flatMap((service, at) => [
      `:KUBE-SVC-${at} - [0:0]`,
      ...service.endpoints.map((_, index) => `:KUBE-SEP-${at}${index} - [0:0]`),
    ]),
    ...(isCalico ? [':cali-POSTROUTING - [0:0]', ':cali-nat-outgoing - [0:0]'] : []),
    '-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
    '-A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
    '-A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING',
    ...(isCalico
      ? [
          '-A POSTROUTING -m comment --comment "cali:O3lYWMrLQYEMJtB5" -j cali-POSTROUTING',
          '-A cali-POSTROUTING -j cali-nat-outgoing',
          '-A cali-nat-outgoing -m set --match-set cali40masq-ipam-pools src -m set ! --match-set cali40all-ipam-pools dst -j MASQUERADE --random-fully',
        ]
      : []),
    '-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000',
    '-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN',
    '-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0',
    '-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully',
    ...SERVICES.flatMap(serviceRules),
    'COMMIT',
  ];
}

function serviceRules(service: ServicePlan, at: number): readonly string[] {
  const { name, address, protocol, port, targetPort, endpoints } = service;
  const portal = `-d ${address}/32 -p ${protocol} -m comment --comment "${name} cluster IP" -m ${protocol} --dport ${port}`;
  return [
    `-A KUBE-SERVICES ${portal} -j KUBE-SVC-${at}`,
    `-A KUBE-SVC-${at} ! -s 10.244.0.0/16 -d ${address}/32 -p ${protocol} -m comment --comment "${name} cluster IP" -m ${protocol} --dport ${port} -j KUBE-MARK-MASQ`,
    ...endpoints.map((endpoint, index) => {
      const left = endpoints.length - index;
      const chance = left === 1 ? '' : ` -m statistic --mode random --probability ${(1 / left).toFixed(11)}`;
      return `-A KUBE-SVC-${at} -m comment --comment "${name} -> ${endpoint}:${targetPort}"${chance} -j KUBE-SEP-${at}${index}`;
    }),
    ...endpoints.flatMap((endpoint, index) => [
      `-A KUBE-SEP-${at}${index} -s ${endpoint}/32 -m comment --comment "${name}" -j KUBE-MARK-MASQ`,
      `-A KUBE-SEP-${at}${index} -p ${protocol} -m comment --comment "${name}" -m ${protocol} -j DNAT --to-destination ${endpoint}:${targetPort}`,
    ]),
  ];
}

function filterRules(node: NodePlan, mode: Mode): readonly string[] {
  if (mode === 'bridge') {
    return [
      '*filter',
      ':INPUT ACCEPT [0:0]',
      ':FORWARD ACCEPT [0:0]',
      ':OUTPUT ACCEPT [0:0]',
      ':KUBE-FORWARD - [0:0]',
      '-A FORWARD -j KUBE-FORWARD',
      ...KUBE_FORWARD,
      'COMMIT',
    ];
  }
  return [
    '*filter',
    ':INPUT ACCEPT [0:0]',
    ':FORWARD ACCEPT [0:0]',
    ':OUTPUT ACCEPT [0:0]',
    ':KUBE-FORWARD - [0:0]',
    ':cali-INPUT - [0:0]',
    ':cali-FORWARD - [0:0]',
    ':cali-from-wl-dispatch - [0:0]',
    ':cali-to-wl-dispatch - [0:0]',
    ...node.pods.flatMap(({ device }) => [`:cali-fw-${device} - [0:0]`, `:cali-tw-${device} - [0:0]`]),
    '-A INPUT -m comment --comment "cali:Cz_u1IQiXIMmKD4c" -j cali-INPUT',
    '-A FORWARD -m comment --comment "cali:wUHhoiAYhphO9Mso" -j cali-FORWARD',
    '-A FORWARD -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD',
    '-A FORWARD -m comment --comment "cali:S93hcgKJrXEqnTfs" -m comment --comment "Policy explicitly accepted packet." -m mark --mark 0x10000/0x10000 -j ACCEPT',
    ...KUBE_FORWARD,
    ...tunnelInput(mode),
    '-A cali-FORWARD -j MARK --set-xmark 0x0/0xe0000',
    '-A cali-FORWARD -i cali+ -j cali-from-wl-dispatch',
    '-A cali-FORWARD -o cali+ -j cali-to-wl-dispatch',
    ...node.pods.flatMap(({ device }) => [
      `-A cali-from-wl-dispatch -i ${device} -g cali-fw-${device}`,
      `-A cali-to-wl-dispatch -o ${device} -g cali-tw-${device}`,
      ...['fw', 'tw'].flatMap((way) => [
        `-A cali-${way}-${device} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
        `-A cali-${way}-${device} -m conntrack --ctstate INVALID -j DROP`,
        `-A cali-${way}-${device} -m comment --comment "Profile accepted packet" -j MARK --set-xmark 0x10000/0x10000`,
      ]),
    ]),
    ...['from', 'to'].map(
      (way) => `-A cali-${way}-wl-dispatch -m comment --comment "Unknown interface" -j DROP`,
    ),
    'COMMIT',
  ];
}

const KUBE_FORWARD = [
  '-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP',
  '-A KUBE-FORWARD -m comment --comment "kubernetes forwarding rules" -m mark --mark 0x4000/0x4000 -j ACCEPT',
  '-A KUBE-FORWARD -m comment --comment "kubernetes forwarding conntrack rule" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
];

function tunnelInput(mode: Mode): readonly string[] {
  const [match, set] =
    mode === 'ipip'
      ? ['-p ipencap', 'cali40all-hosts-net']
      : ['-p udp -m multiport --dports 4789', 'cali40all-vxlan-net'];
  if (mode === 'routed') return [];
  return [
    `-A cali-INPUT ${match} -m comment --comment "Allow tunnel packets from Calico hosts" -m set --match-set ${set} src -m addrtype --dst-type LOCAL -j ACCEPT`,
    `-A cali-INPUT ${match} -m comment --comment "Drop tunnel packets from non-Calico hosts" -m addrtype --dst-type LOCAL -j DROP`,
  ];
}

function sets(): string {
  const hosts = NODES.map(nodeAddress);
  const create = (name: string): string =>
    `create ${name} hash:net family inet hashsize 1024 maxelem 1048576`;
  return lines(
    ...['cali40all-vxlan-net', 'cali40all-hosts-net'].map((name) => [
      create(name),
      ...hosts.map((host) => `add ${name} ${host}`),
    ]),
    ...['cali40masq-ipam-pools', 'cali40all-ipam-pools'].map((name) => [
      create(name),
      `add ${name} 10.244.0.0/16`,
    ]),
  );
}
