/** How packets of pods go from node to node. */
export type Carrying = 'vxlan' | 'ipip' | 'routed' | 'bridge';

export interface ClusterPlan {
  readonly nodes: number;
  readonly podsPerNode: number;
  readonly services: number;
  readonly carrying: Carrying;
  /** Whether packets of pods for anything but pods take the address of their node. */
  readonly masquerades?: boolean;
  /** Whether what `ip` and the other tools print inside the first pod of each node is there as well. */
  readonly withNamespaces?: boolean;
}

type Files = Record<string, string>;

const POD_PORT = 8080;

const hex = (value: number, width: number): string => value.toString(16).padStart(width, '0');
const mac = (kind: number, index: number): string =>
  `02:0${kind}:00:00:${hex(index >> 8, 2)}:${hex(index & 255, 2)}`;
const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

const nodeName = (node: number): string => `n${String(node + 1).padStart(4, '0')}`;
const nodeAddress = (node: number): string => `172.16.${(node + 1) >> 8}.${(node + 1) & 255}`;
/** Blocks of 64 addresses, one for each node. */
const blockAt = (node: number, at: number): string => {
  const bits = node * 64 + at;
  return `10.${128 + (bits >> 16)}.${(bits >> 8) & 255}.${bits & 255}`;
};
const block = (node: number): string => `${blockAt(node, 0)}/26`;
const podAddress = (node: number, pod: number): string => blockAt(node, pod + 2);
const podDevice = (node: number, pod: number): string => `cali${hex(node, 6)}${hex(pod, 5)}`;
const serviceAddress = (service: number): string => `10.96.${1 + (service >> 8)}.${service & 255}`;

/** Evidence of a cluster as Calico sets it up, with kube-proxy's rules in the nft form of iptables; the same for the same plan. */
export function clusterFiles(plan: ClusterPlan): Readonly<Files> {
  const files: Files = objectFiles(plan);
  const proxy = proxyRules(plan);
  for (let node = 0; node < plan.nodes; node++) Object.assign(files, nodeFiles(plan, node, proxy));
  return files;
}

function nodeFiles(plan: ClusterPlan, node: number, proxy: string): Files {
  const directory = `nodes/${nodeName(node)}`;
  const pods = Array.from({ length: plan.podsPerNode }, (_, pod) => pod);
  const others = Array.from({ length: plan.nodes }, (_, other) => other).filter((other) => other !== node);
  const isBridge = plan.carrying === 'bridge';
  const isVxlan = plan.carrying === 'vxlan';
  return {
    [`${directory}/ip-addr.txt`]: text([
      ...nic(node),
      ...middle(plan, node),
      ...(isBridge ? [] : pods.flatMap((pod) => podEnd(node, pod))),
    ]),
    [`${directory}/ip-route.txt`]: text([
      'default via 172.16.255.254 dev eth0 proto static',
      `172.16.0.0/16 dev eth0 proto kernel scope link src ${nodeAddress(node)}`,
      isBridge
        ? `${block(node)} dev cni0 proto kernel scope link src ${blockAt(node, 1)}`
        : `blackhole ${block(node)} proto bird`,
      ...(isBridge
        ? []
        : pods.map((pod) => `${podAddress(node, pod)} dev ${podDevice(node, pod)} scope link`)),
      ...others.map((other) => routeTo(plan, other)),
    ]),
    [`${directory}/ip-rule.txt`]:
      '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n',
    [`${directory}/ip-neigh.txt`]: text([
      ...others.map((other) => `${nodeAddress(other)} dev eth0 lladdr ${mac(0, other)} REACHABLE`),
      ...(isVxlan
        ? others.map((other) => `${blockAt(other, 0)} dev vxlan.calico lladdr ${mac(1, other)} PERMANENT`)
        : []),
      ...pods.map(
        (pod) =>
          `${podAddress(node, pod)} dev ${isBridge ? 'cni0' : podDevice(node, pod)} lladdr ${mac(2, node * 64 + pod)} STALE`,
      ),
    ]),
    [`${directory}/bridge-fdb.txt`]: isVxlan
      ? text(
          others.map((other) => `${mac(1, other)} dev vxlan.calico dst ${nodeAddress(other)} self permanent`),
        )
      : '',
    [`${directory}/sysctl.txt`]: text([
      'net.ipv4.ip_forward = 1',
      'net.ipv4.conf.all.rp_filter = 0',
      'net.ipv4.conf.eth0.rp_filter = 2',
      ...(isBridge
        ? ['net.bridge.bridge-nf-call-iptables = 1']
        : pods.flatMap((pod) => podSettings(podDevice(node, pod)))),
    ]),
    [`${directory}/iptables-nft-save.txt`]: proxy,
    [`${directory}/iptables-legacy-save.txt`]: text(calicoRules(plan, node, pods)),
    [`${directory}/nft-ruleset.txt`]: '',
    [`${directory}/ipset-save.txt`]: text(sets(plan)),
    ...(plan.withNamespaces === true && plan.podsPerNode > 0 ? insidePod(plan, node, 0) : {}),
  };
}

function nic(node: number): readonly string[] {
  return [
    '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000',
    '    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00',
    '    inet 127.0.0.1/8 scope host lo',
    '2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP group default qlen 1000',
    `    link/ether ${mac(0, node)} brd ff:ff:ff:ff:ff:ff`,
    `    inet ${nodeAddress(node)}/16 brd 172.16.255.255 scope global eth0`,
  ];
}

function middle({ carrying }: ClusterPlan, node: number): readonly string[] {
  switch (carrying) {
    case 'vxlan':
      return [
        '3: vxlan.calico: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 qdisc noqueue state UNKNOWN group default',
        `    link/ether ${mac(1, node)} brd ff:ff:ff:ff:ff:ff`,
        `    vxlan id 4096 local ${nodeAddress(node)} dev eth0 srcport 0 0 dstport 4789 nolearning ttl auto ageing 300 udpcsum`,
        `    inet ${blockAt(node, 0)}/32 scope global vxlan.calico`,
      ];
    case 'ipip':
      return [
        '3: tunl0@NONE: <NOARP,UP,LOWER_UP> mtu 1480 qdisc noqueue state UNKNOWN group default qlen 1000',
        '    link/ipip 0.0.0.0 brd 0.0.0.0',
        '    ipip any remote any local any ttl inherit nopmtudisc',
        `    inet ${blockAt(node, 0)}/32 scope global tunl0`,
      ];
    case 'bridge':
      return [
        '3: cni0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000',
        `    link/ether ${mac(3, node)} brd ff:ff:ff:ff:ff:ff`,
        '    bridge forward_delay 1500',
        `    inet ${blockAt(node, 1)}/26 scope global cni0`,
      ];
    default:
      return [];
  }
}

function podEnd(node: number, pod: number): readonly string[] {
  return [
    `${10 + pod}: ${podDevice(node, pod)}@if3: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 qdisc noqueue state UP group default`,
    `    link/ether ee:ee:ee:ee:ee:ee brd ff:ff:ff:ff:ff:ff link-netnsid ${pod}`,
    '    veth',
    '    inet6 fe80::ecee:eeff:feee:eeee/64 scope link',
  ];
}

function podSettings(device: string): readonly string[] {
  return ['rp_filter = 1', 'proxy_arp = 1', 'forwarding = 1', 'route_localnet = 1'].map(
    (setting) => `net.ipv4.conf.${device}.${setting}`,
  );
}

function routeTo({ carrying }: ClusterPlan, other: number): string {
  if (carrying === 'vxlan') return `${block(other)} via ${blockAt(other, 0)} dev vxlan.calico onlink`;
  if (carrying === 'ipip') return `${block(other)} via ${nodeAddress(other)} dev tunl0 proto bird onlink`;
  return `${block(other)} via ${nodeAddress(other)} dev eth0 proto bird`;
}

function insidePod({ carrying }: ClusterPlan, node: number, pod: number): Files {
  if (carrying === 'bridge') return {};
  const directory = `nodes/${nodeName(node)}/netns/default_p-${node}-${pod}`;
  return {
    [`${directory}/ip-addr.txt`]: text([
      '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000',
      '    inet 127.0.0.1/8 scope host lo',
      `3: eth0@if${10 + pod}: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 qdisc noqueue state UP group default`,
      `    link/ether ${mac(2, node * 64 + pod)} brd ff:ff:ff:ff:ff:ff link-netnsid 0`,
      '    veth',
      `    inet ${podAddress(node, pod)}/32 scope global eth0`,
    ]),
    [`${directory}/ip-route.txt`]: 'default via 169.254.1.1 dev eth0\n169.254.1.1 dev eth0 scope link\n',
    [`${directory}/ip-neigh.txt`]: '169.254.1.1 dev eth0 lladdr ee:ee:ee:ee:ee:ee REACHABLE\n',
    [`${directory}/sysctl.txt`]: 'net.ipv4.ip_forward = 0\nnet.ipv4.conf.all.rp_filter = 0\n',
    [`${directory}/iptables-legacy-save.txt`]: '',
    [`${directory}/nft-ruleset.txt`]: '',
  };
}

function calicoRules({ carrying }: ClusterPlan, node: number, pods: readonly number[]): readonly string[] {
  const devices = carrying === 'bridge' ? [] : pods.map((pod) => podDevice(node, pod));
  const tunnels =
    '-A cali-INPUT -p udp -m comment --comment "Tunnel packets" -m multiport --dports 4789 -m set';
  return [
    '*filter',
    ':INPUT ACCEPT [0:0]',
    ':FORWARD ACCEPT [0:0]',
    ':OUTPUT ACCEPT [0:0]',
    ':cali-INPUT - [0:0]',
    ':cali-FORWARD - [0:0]',
    ':cali-from-wl-dispatch - [0:0]',
    ':cali-to-wl-dispatch - [0:0]',
    ':cali-pri-kns.default - [0:0]',
    ...devices.flatMap((device) => [`:cali-fw-${device} - [0:0]`, `:cali-tw-${device} - [0:0]`]),
    '-A INPUT -m comment --comment "cali:Cz_u1IQiXIMmKD4c" -j cali-INPUT',
    '-A FORWARD -m comment --comment "cali:wUHhoiAYhphO9Mso" -j cali-FORWARD',
    `${tunnels} --match-set cali40all-vxlan-net src -m addrtype --dst-type LOCAL -j ACCEPT`,
    '-A cali-INPUT -p udp -m comment --comment "Tunnel packets of others" -m multiport --dports 4789 -m addrtype --dst-type LOCAL -j DROP',
    '-A cali-FORWARD -i cali+ -j cali-from-wl-dispatch',
    '-A cali-FORWARD -o cali+ -j cali-to-wl-dispatch',
    ...devices.map(
      (device) =>
        `-A cali-from-wl-dispatch -i ${device} -m comment --comment "cali:${device}" -g cali-fw-${device}`,
    ),
    ...(devices.length > 0 ? ['-A cali-from-wl-dispatch -j DROP'] : []),
    ...devices.map(
      (device) =>
        `-A cali-to-wl-dispatch -o ${device} -m comment --comment "cali:${device}" -g cali-tw-${device}`,
    ),
    ...(devices.length > 0 ? ['-A cali-to-wl-dispatch -j DROP'] : []),
    '-A cali-pri-kns.default -m comment --comment "cali:profile" -j MARK --set-xmark 0x10000/0x10000',
    ...devices.flatMap((device) =>
      ['fw', 'tw'].flatMap((way) => [
        `-A cali-${way}-${device} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
        `-A cali-${way}-${device} -m comment --comment "cali:${way}${device}" -j cali-pri-kns.default`,
        `-A cali-${way}-${device} -m mark --mark 0x10000/0x10000 -j RETURN`,
        `-A cali-${way}-${device} -m comment --comment "Drop if no profiles matched" -j DROP`,
      ]),
    ),
    'COMMIT',
  ];
}

function sets({ nodes }: ClusterPlan): readonly string[] {
  return [
    'create cali40all-vxlan-net hash:net family inet hashsize 1024 maxelem 1048576',
    ...Array.from({ length: nodes }, (_, node) => `add cali40all-vxlan-net ${nodeAddress(node)}`),
    ...['cali40masq-ipam-pools', 'cali40all-ipam-pools'].flatMap((name) => [
      `create ${name} hash:net family inet hashsize 1024 maxelem 1048576`,
      `add ${name} 10.128.0.0/9`,
    ]),
  ];
}

const MASQUERADE = [
  ':cali-POSTROUTING - [0:0]',
  '-A POSTROUTING -m comment --comment "cali:O3lYWMrLQYEMJtB5" -j cali-POSTROUTING',
  '-A cali-POSTROUTING -m set --match-set cali40masq-ipam-pools src -m set ! --match-set cali40all-ipam-pools dst -j MASQUERADE --random-fully',
];

interface Backend {
  readonly node: number;
  readonly pod: number;
}

/** Two pods for each service, on different nodes where there are several. */
function backends({ nodes, podsPerNode }: ClusterPlan, service: number): readonly Backend[] {
  if (podsPerNode === 0) return [];
  return [0, 1].map((at) => ({ node: (service * 7 + at) % nodes, pod: (service + at) % podsPerNode }));
}

/** The same text on every node, as kube-proxy writes it. */
function proxyRules(plan: ClusterPlan): string {
  const services = Array.from({ length: plan.services }, (_, service) => service);
  const chains = services.flatMap((service) => [
    `:KUBE-SVC-${service} - [0:0]`,
    ...backends(plan, service).map((_, at) => `:KUBE-SEP-${service}-${at} - [0:0]`),
  ]);
  return text([
    '*nat',
    ...['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'].map((name) => `:${name} ACCEPT [0:0]`),
    ':KUBE-SERVICES - [0:0]',
    ':KUBE-NODEPORTS - [0:0]',
    ':KUBE-POSTROUTING - [0:0]',
    ':KUBE-MARK-MASQ - [0:0]',
    ...chains,
    ...(plan.masquerades === true ? MASQUERADE : []),
    '-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
    '-A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
    '-A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING',
    '-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000',
    '-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN',
    '-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0',
    '-A KUBE-POSTROUTING -j MASQUERADE --random-fully',
    ...services.flatMap((service) => serviceRules(plan, service)),
    '-A KUBE-SERVICES -m comment --comment "kubernetes service nodeports" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS',
    'COMMIT',
  ]);
}

function serviceRules(plan: ClusterPlan, service: number): readonly string[] {
  const address = serviceAddress(service);
  const pods = backends(plan, service);
  const portal = `-d ${address}/32 -p tcp -m comment --comment "default/s-${service}" -m tcp --dport 80`;
  return [
    `-A KUBE-SERVICES ${portal} -j KUBE-SVC-${service}`,
    `-A KUBE-NODEPORTS -p tcp -m comment --comment "default/s-${service}" -m tcp --dport ${30_000 + service} -j KUBE-SVC-${service}`,
    ...pods.map((_, at) => {
      const chance =
        at === pods.length - 1
          ? ''
          : ` -m statistic --mode random --probability ${(1 / (pods.length - at)).toFixed(11)}`;
      return `-A KUBE-SVC-${service} -m comment --comment "default/s-${service}"${chance} -j KUBE-SEP-${service}-${at}`;
    }),
    ...pods.flatMap(({ node, pod }, at) => [
      `-A KUBE-SEP-${service}-${at} -s ${podAddress(node, pod)}/32 -m comment --comment "default/s-${service}" -j KUBE-MARK-MASQ`,
      `-A KUBE-SEP-${service}-${at} -p tcp -m comment --comment "default/s-${service}" -m tcp -j DNAT --to-destination ${podAddress(node, pod)}:${POD_PORT}`,
    ]),
  ];
}

function objectFiles(plan: ClusterPlan): Files {
  const nodes = Array.from({ length: plan.nodes }, (_, node) => ({
    metadata: { name: nodeName(node) },
    status: { addresses: [{ type: 'InternalIP', address: nodeAddress(node) }] },
  }));
  const pods = Array.from({ length: plan.nodes * plan.podsPerNode }, (_, at) => podObject(plan, at));
  const services = Array.from({ length: plan.services }, (_, service) => ({
    metadata: { name: `s-${service}`, namespace: 'default' },
    spec: {
      clusterIP: serviceAddress(service),
      type: 'NodePort',
      ports: [{ port: 80, targetPort: POD_PORT, nodePort: 30_000 + service, protocol: 'TCP' }],
      selector: { service: `${service}` },
    },
  }));
  return {
    'cluster/nodes.json': list('NodeList', nodes),
    'cluster/pods.json': list('PodList', pods),
    'cluster/services.json': list('ServiceList', services),
  };
}

function podObject({ podsPerNode }: ClusterPlan, at: number): unknown {
  const [node, pod] = [Math.floor(at / podsPerNode), at % podsPerNode];
  return {
    metadata: { name: `p-${node}-${pod}`, namespace: 'default' },
    spec: {
      nodeName: nodeName(node),
      containers: [{ name: 'c', image: 'i', ports: [{ containerPort: POD_PORT }] }],
    },
    status: { phase: 'Running', podIP: podAddress(node, pod), podIPs: [{ ip: podAddress(node, pod) }] },
  };
}

function list(kind: string, items: readonly unknown[]): string {
  return JSON.stringify({ kind, apiVersion: 'v1', metadata: {}, items });
}
