/** A cluster of two nodes as Antrea sets it up in encap mode, with AntreaProxy. For tests. */

interface Pod {
  readonly name: string;
  readonly address: string;
  readonly mac: string;
  readonly port: number;
}

interface Node {
  readonly name: string;
  readonly address: string;
  readonly mac: string;
  readonly gateway: string;
  readonly gatewayMac: string;
  readonly network: string;
  readonly pods: readonly Pod[];
}

const NODES: readonly Node[] = [
  {
    name: 'n1',
    address: '192.168.77.101',
    mac: '02:00:00:00:77:01',
    gateway: '10.10.0.1',
    gatewayMac: 'ba:5e:d1:55:aa:01',
    network: '10.10.0.0/24',
    pods: [
      { name: 'client', address: '10.10.0.2', mac: '5e:b5:e3:a6:90:02', port: 3 },
      { name: 'web-1', address: '10.10.0.3', mac: '5e:b5:e3:a6:90:03', port: 4 },
    ],
  },
  {
    name: 'n2',
    address: '192.168.77.102',
    mac: '02:00:00:00:77:02',
    gateway: '10.10.1.1',
    gatewayMac: 'ba:5e:d1:55:aa:02',
    network: '10.10.1.0/24',
    pods: [{ name: 'web-2', address: '10.10.1.2', mac: '5e:b5:e3:a6:90:12', port: 3 }],
  },
];

/** Order of the tables in the pipeline, so that names can be made numbers. */
const TABLES =
  `PipelineRootClassifier ARPSpoofGuard ARPResponder Classifier SpoofGuard UnSNAT ConntrackZone ConntrackState
  PreRoutingClassifier SessionAffinity ServiceLB EndpointDNAT AntreaPolicyEgressRule EgressRule EgressDefaultRule EgressMetric
  L3Forwarding EgressMark L3DecTTL SNATMark SNAT L2ForwardingCalc IngressSecurityClassifier AntreaPolicyIngressRule IngressRule
  IngressDefaultRule IngressMetric ConntrackCommit Output`.split(/\s+/);

function portOf(names: boolean, number: number, name: string): string {
  return names ? `"${name}"` : String(number);
}

/** Flows as docs/design/ovs-pipeline.md of Antrea v1.15 describes them, for a service 10.96.0.10:80 of both web pods. */
function flowsOf(node: Node, peer: Node, names: boolean): readonly string[] {
  const gw = portOf(names, 2, 'antrea-gw0');
  const tun = portOf(names, 1, 'antrea-tun0');
  const toGateway = `set_field:${node.gatewayMac}->eth_dst,set_field:0x20/0xf0->reg0`;
  const hex = (address: string): string =>
    `0x${address
      .split('.')
      .map((part) => Number(part).toString(16).padStart(2, '0'))
      .join('')
      .replace(/^0+/, '')}`;
  const mark = 'exec(set_field:0x10/0x10->ct_mark,move:NXM_NX_REG0[0..3]->NXM_NX_CT_MARK[0..3])';
  return [
    'table=PipelineRootClassifier, priority=200,arp actions=goto_table:ARPSpoofGuard',
    'table=PipelineRootClassifier, priority=200,ip actions=goto_table:Classifier',
    'table=PipelineRootClassifier, priority=0 actions=drop',
    `table=ARPSpoofGuard, priority=200,arp,in_port=${gw},arp_spa=${node.gateway},arp_sha=${node.gatewayMac} actions=goto_table:ARPResponder`,
    ...node.pods.map(
      ({ name, port, address, mac }) =>
        `table=ARPSpoofGuard, priority=200,arp,in_port=${portOf(names, port, `${name}-veth`)},arp_spa=${address},arp_sha=${mac} actions=goto_table:ARPResponder`,
    ),
    'table=ARPSpoofGuard, priority=0 actions=drop',
    `table=ARPResponder, priority=200,arp,arp_tpa=${peer.gateway},arp_op=1 actions=move:NXM_OF_ETH_SRC[]->NXM_OF_ETH_DST[],set_field:aa:bb:cc:dd:ee:ff->eth_src,set_field:2->arp_op,move:NXM_NX_ARP_SHA[]->NXM_NX_ARP_THA[],set_field:aa:bb:cc:dd:ee:ff->arp_sha,move:NXM_OF_ARP_SPA[]->NXM_OF_ARP_TPA[],set_field:${peer.gateway}->arp_spa,IN_PORT`,
    'table=ARPResponder, priority=190,arp actions=NORMAL',
    'table=ARPResponder, priority=0 actions=drop',
    `table=Classifier, priority=210,ip,in_port=${gw},nw_src=${node.gateway} actions=set_field:0x2/0xf->reg0,set_field:0x10000000/0x10000000->reg4,goto_table:SpoofGuard`,
    `table=Classifier, priority=200,in_port=${gw} actions=set_field:0x2/0xf->reg0,set_field:0x8000000/0x8000000->reg4,goto_table:SpoofGuard`,
    `table=Classifier, priority=200,in_port=${tun} actions=set_field:0x1/0xf->reg0,set_field:0x200/0x200->reg0,goto_table:UnSNAT`,
    ...node.pods.map(
      ({ name, port }) =>
        `table=Classifier, priority=190,in_port=${portOf(names, port, `${name}-veth`)} actions=set_field:0x3/0xf->reg0,set_field:0x10000000/0x10000000->reg4,goto_table:SpoofGuard`,
    ),
    'table=Classifier, priority=0 actions=drop',
    `table=SpoofGuard, priority=200,ip,in_port=${gw} actions=goto_table:UnSNAT`,
    ...node.pods.map(
      ({ name, port, address, mac }) =>
        `table=SpoofGuard, priority=200,ip,in_port=${portOf(names, port, `${name}-veth`)},dl_src=${mac},nw_src=${address} actions=goto_table:UnSNAT`,
    ),
    'table=SpoofGuard, priority=0 actions=drop',
    'table=UnSNAT, priority=200,ip,nw_dst=169.254.0.253 actions=ct(table=ConntrackZone,zone=65521,nat)',
    `table=UnSNAT, priority=200,ip,nw_dst=${node.gateway} actions=ct(table=ConntrackZone,zone=65521,nat)`,
    'table=UnSNAT, priority=0 actions=goto_table:ConntrackZone',
    'table=ConntrackZone, priority=200,ip actions=ct(table=ConntrackState,zone=65520,nat)',
    'table=ConntrackZone, priority=0 actions=goto_table:ConntrackState',
    'table=ConntrackState, priority=200,ct_state=+inv+trk,ip actions=drop',
    'table=ConntrackState, priority=190,ct_state=-new+trk,ct_mark=0/0x10,ip actions=goto_table:AntreaPolicyEgressRule',
    'table=ConntrackState, priority=190,ct_state=-new+trk,ct_mark=0x10/0x10,ip actions=set_field:0x200/0x200->reg0,goto_table:AntreaPolicyEgressRule',
    'table=ConntrackState, priority=0 actions=goto_table:PreRoutingClassifier',
    'table=PreRoutingClassifier, priority=200,ip actions=resubmit(,SessionAffinity),resubmit(,ServiceLB)',
    'table=PreRoutingClassifier, priority=0 actions=goto_table:SessionAffinity',
    'table=SessionAffinity, priority=0 actions=set_field:0x10000/0x70000->reg4',
    'table=ServiceLB, priority=200,tcp,reg4=0x10000/0x70000,nw_dst=10.96.0.10,tp_dst=80 actions=set_field:0x200/0x200->reg0,set_field:0x20000/0x70000->reg4,set_field:0xa->reg7,group:10',
    'table=ServiceLB, priority=200,tcp,reg4=0x10000/0x70000,nw_dst=10.96.0.9,tp_dst=80 actions=set_field:0x200/0x200->reg0,set_field:0x20000/0x70000->reg4,set_field:0x9->reg7,group:9',
    'table=ServiceLB, priority=200,tcp,reg4=0x10000/0x70000,nw_dst=10.96.0.11,tp_dst=80 actions=set_field:0x200/0x200->reg0,set_field:0x30000/0x70000->reg4,set_field:0xb->reg7,group:11',
    'table=ServiceLB, priority=190,tcp,reg4=0x30000/0x70000,nw_dst=10.96.0.11,tp_dst=80 actions=learn(table=SessionAffinity,hard_timeout=300,priority=200,delete_learned,cookie=0x203000000000a,eth_type=0x800,nw_proto=6,NXM_OF_TCP_DST[],NXM_OF_IP_DST[],NXM_OF_IP_SRC[],load:NXM_NX_REG4[0..15]->NXM_NX_REG4[0..15],load:0x2->NXM_NX_REG4[16..18]),set_field:0x20000/0x70000->reg4,goto_table:EndpointDNAT',
    'table=ServiceLB, priority=0 actions=goto_table:EndpointDNAT',
    'table=EndpointDNAT, priority=200,reg0=0x4000/0x4000 actions=controller(reason=no_match,id=62373,userdata=04)',
    ...[...node.pods, ...peer.pods].map(
      ({ address }) =>
        `table=EndpointDNAT, priority=200,tcp,reg3=${hex(address)},reg4=0x21f90/0x7ffff actions=ct(commit,table=AntreaPolicyEgressRule,zone=65520,nat(dst=${address}:8080),${mark})`,
    ),
    'table=EndpointDNAT, priority=190,reg4=0x20000/0x70000 actions=set_field:0x10000/0x70000->reg4,resubmit(,ServiceLB)',
    'table=EndpointDNAT, priority=0 actions=goto_table:AntreaPolicyEgressRule',
    'table=AntreaPolicyEgressRule, priority=64990,ct_state=-new+est,ip actions=goto_table:EgressMetric',
    'table=AntreaPolicyEgressRule, priority=64990,ct_state=-new+rel,ip actions=goto_table:EgressMetric',
    'table=AntreaPolicyEgressRule, priority=0 actions=goto_table:EgressRule',
    'table=EgressRule, priority=0 actions=goto_table:EgressDefaultRule',
    'table=EgressDefaultRule, priority=0 actions=goto_table:EgressMetric',
    'table=EgressMetric, priority=0 actions=goto_table:L3Forwarding',
    `table=L3Forwarding, priority=210,ip,nw_dst=${node.gateway} actions=${toGateway},goto_table:L3DecTTL`,
    `table=L3Forwarding, priority=210,ct_state=+rpl+trk,ct_mark=0x2/0xf,ip actions=${toGateway},goto_table:L3DecTTL`,
    `table=L3Forwarding, priority=200,ip,reg0=0/0x200,nw_dst=${node.network} actions=goto_table:L2ForwardingCalc`,
    `table=L3Forwarding, priority=200,ip,nw_dst=${peer.network} actions=set_field:${node.gatewayMac}->eth_src,set_field:aa:bb:cc:dd:ee:ff->eth_dst,set_field:${peer.address}->tun_dst,set_field:0x10/0xf0->reg0,goto_table:L3DecTTL`,
    ...node.pods.map(
      ({ address, mac }) =>
        `table=L3Forwarding, priority=200,ip,reg0=0x200/0x200,nw_dst=${address} actions=set_field:${node.gatewayMac}->eth_src,set_field:${mac}->eth_dst,goto_table:L3DecTTL`,
    ),
    'table=L3Forwarding, priority=190,ct_state=-rpl+trk,ip,reg0=0x3/0xf,reg4=0/0x100000 actions=goto_table:EgressMark',
    `table=L3Forwarding, priority=190,ct_state=-rpl+trk,ip,reg0=0x1/0xf actions=set_field:${node.gatewayMac}->eth_dst,goto_table:EgressMark`,
    `table=L3Forwarding, priority=190,ct_mark=0x10/0x10,reg0=0x202/0x20f actions=${toGateway},goto_table:L3DecTTL`,
    'table=L3Forwarding, priority=0 actions=set_field:0x20/0xf0->reg0,goto_table:L2ForwardingCalc',
    `table=EgressMark, priority=210,ip,nw_dst=${node.address} actions=set_field:0x20/0xf0->reg0,goto_table:L2ForwardingCalc`,
    `table=EgressMark, priority=210,ip,nw_dst=${peer.address} actions=set_field:0x20/0xf0->reg0,goto_table:L2ForwardingCalc`,
    'table=EgressMark, priority=190,ct_state=+new+trk,ip,reg0=0x1/0xf actions=drop',
    'table=EgressMark, priority=0 actions=set_field:0x20/0xf0->reg0,goto_table:L2ForwardingCalc',
    'table=L3DecTTL, priority=210,ip,reg0=0x2/0xf actions=goto_table:SNATMark',
    'table=L3DecTTL, priority=200,ip actions=dec_ttl,goto_table:SNATMark',
    'table=L3DecTTL, priority=0 actions=goto_table:SNATMark',
    'table=SNATMark, priority=200,ct_state=+new+trk,ip,reg0=0x22/0xff actions=ct(commit,table=SNAT,zone=65520,exec(set_field:0x20/0x20->ct_mark,set_field:0x40/0x40->ct_mark))',
    ...node.pods.map(
      ({ address }) =>
        `table=SNATMark, priority=190,ct_state=+new+trk,ip,nw_src=${address},nw_dst=${address} actions=ct(commit,table=SNAT,zone=65520,exec(set_field:0x20/0x20->ct_mark,set_field:0x40/0x40->ct_mark))`,
    ),
    'table=SNATMark, priority=0 actions=goto_table:SNAT',
    `table=SNAT, priority=200,ct_state=+new+trk,ct_mark=0x40/0x40,ip,reg0=0x2/0xf actions=ct(commit,table=L2ForwardingCalc,zone=65521,nat(src=169.254.0.253),exec(set_field:0x10/0x10->ct_mark,set_field:0x40/0x40->ct_mark))`,
    `table=SNAT, priority=200,ct_state=+new+trk,ct_mark=0x40/0x40,ip,reg0=0x3/0xf actions=ct(commit,table=L2ForwardingCalc,zone=65521,nat(src=${node.gateway}),exec(set_field:0x10/0x10->ct_mark,set_field:0x40/0x40->ct_mark))`,
    'table=SNAT, priority=200,ct_state=-new-rpl+trk,ct_mark=0x20/0x20,ip actions=ct(table=L2ForwardingCalc,zone=65521,nat)',
    `table=SNAT, priority=190,ct_state=+new+trk,ct_mark=0x20/0x20,ip,reg0=0x2/0xf actions=ct(commit,table=L2ForwardingCalc,zone=65521,nat(src=${node.gateway}),exec(set_field:0x10/0x10->ct_mark))`,
    'table=SNAT, priority=0 actions=goto_table:L2ForwardingCalc',
    `table=L2ForwardingCalc, priority=200,dl_dst=${node.gatewayMac} actions=set_field:0x2->reg1,set_field:0x200000/0x600000->reg0,goto_table:IngressSecurityClassifier`,
    'table=L2ForwardingCalc, priority=200,dl_dst=aa:bb:cc:dd:ee:ff actions=set_field:0x1->reg1,set_field:0x200000/0x600000->reg0,goto_table:IngressSecurityClassifier',
    ...node.pods.map(
      ({ mac, port }) =>
        `table=L2ForwardingCalc, priority=200,dl_dst=${mac} actions=set_field:0x${port.toString(16)}->reg1,set_field:0x200000/0x600000->reg0,goto_table:IngressSecurityClassifier`,
    ),
    'table=L2ForwardingCalc, priority=0 actions=goto_table:IngressSecurityClassifier',
    'table=IngressSecurityClassifier, priority=210,pkt_mark=0x80000000/0x80000000,ct_state=-rpl+trk,ip actions=goto_table:ConntrackCommit',
    'table=IngressSecurityClassifier, priority=201,reg4=0x80000/0x80000 actions=goto_table:AntreaPolicyIngressRule',
    'table=IngressSecurityClassifier, priority=200,reg0=0x20/0xf0 actions=goto_table:IngressMetric',
    'table=IngressSecurityClassifier, priority=200,reg0=0x10/0xf0 actions=goto_table:IngressMetric',
    'table=IngressSecurityClassifier, priority=200,ct_mark=0x40/0x40 actions=goto_table:ConntrackCommit',
    'table=IngressSecurityClassifier, priority=0 actions=goto_table:AntreaPolicyIngressRule',
    'table=AntreaPolicyIngressRule, priority=64990,ct_state=-new+est,ip actions=goto_table:IngressMetric',
    'table=AntreaPolicyIngressRule, priority=64990,ct_state=-new+rel,ip actions=goto_table:IngressMetric',
    'table=AntreaPolicyIngressRule, priority=0 actions=goto_table:IngressRule',
    'table=IngressRule, priority=0 actions=goto_table:IngressDefaultRule',
    'table=IngressDefaultRule, priority=0 actions=goto_table:IngressMetric',
    'table=IngressMetric, priority=0 actions=goto_table:ConntrackCommit',
    'table=ConntrackCommit, priority=200,ct_state=+new+trk-snat,ct_mark=0/0x10,ip actions=ct(commit,table=Output,zone=65520,exec(move:NXM_NX_REG0[0..3]->NXM_NX_CT_MARK[0..3]))',
    'table=ConntrackCommit, priority=0 actions=goto_table:Output',
    'table=Output, priority=210,ct_mark=0x40/0x40 actions=IN_PORT',
    'table=Output, priority=200,reg0=0x200000/0x600000 actions=output:NXM_NX_REG1[]',
    'table=Output, priority=0 actions=drop',
  ];
}

/** Groups of the services: one without endpoints, one with both web pods, one with session affinity. */
export const GROUPS = [
  'group_id=9,type=select,bucket=bucket_id:0,weight:100,actions=set_field:0x4000/0x4000->reg0,resubmit(,EndpointDNAT)',
  'group_id=10,type=select,bucket=bucket_id:0,weight:100,actions=set_field:0xa0a0003->reg3,set_field:0x1f90/0xffff->reg4,resubmit(,EndpointDNAT),bucket=bucket_id:1,weight:100,actions=set_field:0x4000000/0x4000000->reg4,set_field:0xa0a0102->reg3,set_field:0x1f90/0xffff->reg4,resubmit(,EndpointDNAT)',
  'group_id=11,type=select,bucket=bucket_id:0,weight:100,actions=set_field:0xa0a0102->reg3,set_field:0x1f90/0xffff->reg4,resubmit(,ServiceLB)',
] as const;

/** Table names as the numbers they stand for. */
function numbered(text: string): string {
  return TABLES.reduce(
    (changed, name, number) =>
      changed.replace(new RegExp(`(table=|goto_table:|resubmit\\(,)${name}\\b`, 'g'), `$1${number}`),
    text,
  );
}

export interface AntreaOptions {
  /** Whether ports and tables are printed by name, as on a terminal. */
  readonly names?: boolean;
  readonly groups?: readonly string[];
  /** Flows besides, by node. */
  readonly more?: Readonly<Record<string, readonly string[]>>;
}

/** The evidence of both nodes, by path. */
export function antreaFiles({
  names = false,
  groups = GROUPS,
  more = {},
}: AntreaOptions = {}): Record<string, string> {
  const files: Record<string, string> = {};
  for (const node of NODES) {
    const peer = NODES.find((other) => other !== node) ?? node;
    const lines = [...flowsOf(node, peer, names), ...(more[node.name] ?? []), ...groups].map(
      (line) => ` ${names ? line : numbered(line)}\n`,
    );
    Object.assign(files, hostFiles(node, peer), { [`nodes/${node.name}/ovs-flows.txt`]: lines.join('') });
    for (const [index, pod] of node.pods.entries()) Object.assign(files, podFiles(node, pod, 20 + index));
  }
  return files;
}

const DETAIL = 'promiscuity 1 allmulti 0 minmtu 68 maxmtu 65535';

function hostFiles(node: Node, peer: Node): Record<string, string> {
  const own = (file: string): string => `nodes/${node.name}/${file}`;
  const links = [
    '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n    inet 127.0.0.1/8 scope host lo',
    `2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP\n    link/ether ${node.mac} brd ff:ff:ff:ff:ff:ff\n    inet ${node.address}/24 brd 192.168.77.255 scope global eth0`,
    `3: ovs-system: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN\n    link/ether 0a:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff ${DETAIL}\n    openvswitch`,
    `4: genev_sys_6081: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 65000 qdisc noqueue master ovs-system state UNKNOWN\n    link/ether 0a:00:00:00:00:02 brd ff:ff:ff:ff:ff:ff ${DETAIL}\n    geneve external id 0 ttl auto dstport 6081 udp6zerocsumrx\n    openvswitch_slave`,
    `5: antrea-gw0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 qdisc noqueue state UNKNOWN\n    link/ether ${node.gatewayMac} brd ff:ff:ff:ff:ff:ff ${DETAIL}\n    openvswitch\n    inet ${node.gateway}/24 brd 10.10.255.255 scope global antrea-gw0`,
    ...node.pods.map(
      ({ name }, index) =>
        `${20 + index}: ${name}-veth@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 qdisc noqueue master ovs-system state UP\n    link/ether 0a:00:00:00:01:0${index} brd ff:ff:ff:ff:ff:ff link-netnsid ${index} ${DETAIL}\n    veth\n    openvswitch_slave`,
    ),
  ];
  return {
    [own('ip-addr.txt')]: `${links.join('\n')}\n`,
    [own('ip-route.txt')]: [
      'default via 192.168.77.254 dev eth0',
      '192.168.77.0/24 dev eth0 proto kernel scope link',
      `${node.network} dev antrea-gw0 proto kernel scope link src ${node.gateway}`,
      `${peer.network} via ${peer.gateway} dev antrea-gw0 onlink`,
      '',
    ].join('\n'),
    ...usual(own),
    [own('ovs-vsctl-show.txt')]: [
      'f06768ee-17ec-4abb-a971-b3b76abc8cda',
      '    Bridge br-int',
      '        datapath_type: system',
      ...node.pods.map(({ name }) => `        Port ${name}-veth\n            Interface ${name}-veth`),
      '        Port antrea-tun0\n            Interface antrea-tun0\n                type: geneve\n                options: {key=flow, remote_ip=flow}',
      '        Port antrea-gw0\n            Interface antrea-gw0\n                type: internal',
      '    ovs_version: "2.17.7"',
      '',
    ].join('\n'),
  };
}

function usual(own: (file: string) => string): Record<string, string> {
  return {
    [own('ip-rule.txt')]:
      '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n',
    [own('sysctl.txt')]: 'net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.rp_filter = 0\n',
    [own('nft-ruleset.txt')]: '',
    [own('iptables-legacy-save.txt')]: '',
  };
}

function podFiles(node: Node, { name, address, mac }: Pod, index: number): Record<string, string> {
  const own = (file: string): string => `nodes/${node.name}/netns/default_${name}/${file}`;
  return {
    [own('ip-addr.txt')]: [
      '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN',
      '    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00',
      '    inet 127.0.0.1/8 scope host lo',
      `2: eth0@if${index}: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 qdisc noqueue state UP`,
      `    link/ether ${mac} brd ff:ff:ff:ff:ff:ff link-netnsid 0 ${DETAIL}`,
      '    veth',
      `    inet ${address}/24 brd 10.10.255.255 scope global eth0`,
      '',
    ].join('\n'),
    [own('ip-route.txt')]: [
      `default via ${node.gateway} dev eth0`,
      `${node.network} dev eth0 proto kernel scope link src ${address}`,
      '',
    ].join('\n'),
    ...usual(own),
  };
}
