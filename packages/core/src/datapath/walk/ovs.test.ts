import { describe, expect, it } from 'vitest';
import { type AntreaOptions, antreaFiles, GROUPS } from '../../../test/datapath/antrea.ts';
import { networkOf } from '../../../test/datapath/network-of.ts';
import type { TraceAnswer, TraceQuestion } from '../model/answer.ts';
import { traceFlow } from '../trace.ts';

type Files = Record<string, string>;

async function ask(files: Files, question: TraceQuestion): Promise<TraceAnswer> {
  const answer = traceFlow(await networkOf(files), question, { withReply: true });
  if ('error' in answer) throw new Error(answer.error.message);
  return answer;
}

/** Each path in a line: its end, the packet there, and the same of its answer. */
function outcomes({ paths }: TraceAnswer): readonly string[] {
  const text = ({ disposition, at, packet }: Omit<TraceAnswer['paths'][number], 'probability'>): string =>
    `${disposition} at ${[at.node, at.netns, at.interface].filter((part) => part !== undefined).join('/')}: ${packet.source}:${packet.sourcePort} > ${packet.destination}:${packet.destinationPort}`;
  return paths.map(({ probability, reply, ...path }) =>
    [`${probability} ${text(path)}`, ...(reply === undefined ? [] : [text(reply)])].join(' | '),
  );
}

function decisive(answer: TraceAnswer) {
  return answer.notModelled.filter(({ couldChangeAnswer }) => couldChangeAnswer);
}

const CLIENT = { from: 'pod/default/client', sourcePort: 40_000 };

describe.each([
  ['numbers, as in a file', false],
  ['names, as on a terminal', true],
])('the pipeline of Antrea, printed with %s', (_, names) => {
  it.each<readonly [string, TraceQuestion, readonly string[]]>([
    [
      'to a pod of the same node',
      { ...CLIENT, to: '10.10.0.3:8080' },
      [
        '1 delivered at n1/default_web-1/eth0: 10.10.0.2:40000 > 10.10.0.3:8080 | delivered at n1/default_client/eth0: 10.10.0.3:8080 > 10.10.0.2:40000',
      ],
    ],
    [
      'to a pod of another node, through the tunnel',
      { ...CLIENT, to: '10.10.1.2:8080' },
      [
        '1 delivered at n2/default_web-2/eth0: 10.10.0.2:40000 > 10.10.1.2:8080 | delivered at n1/default_client/eth0: 10.10.1.2:8080 > 10.10.0.2:40000',
      ],
    ],
    [
      'to a service, by either endpoint',
      { ...CLIENT, to: '10.96.0.10:80' },
      [
        '0.5 delivered at n1/default_web-1/eth0: 10.10.0.2:40000 > 10.10.0.3:8080 | delivered at n1/default_client/eth0: 10.96.0.10:80 > 10.10.0.2:40000',
        '0.5 delivered at n2/default_web-2/eth0: 10.10.0.2:40000 > 10.10.1.2:8080 | delivered at n1/default_client/eth0: 10.96.0.10:80 > 10.10.0.2:40000',
      ],
    ],
    [
      'to a service, in a connection that is there',
      { ...CLIENT, to: '10.96.0.10:80', state: 'established' },
      [
        '0.5 delivered at n1/default_web-1/eth0: 10.10.0.2:40000 > 10.10.0.3:8080 | delivered at n1/default_client/eth0: 10.96.0.10:80 > 10.10.0.2:40000',
        '0.5 delivered at n2/default_web-2/eth0: 10.10.0.2:40000 > 10.10.1.2:8080 | delivered at n1/default_client/eth0: 10.96.0.10:80 > 10.10.0.2:40000',
      ],
    ],
    [
      'to a service that remembers its clients',
      { ...CLIENT, to: '10.96.0.11:80' },
      [
        '1 delivered at n2/default_web-2/eth0: 10.10.0.2:40000 > 10.10.1.2:8080 | delivered at n1/default_client/eth0: 10.96.0.11:80 > 10.10.0.2:40000',
      ],
    ],
    [
      'to its own service, with the address of the gateway where it comes back to itself',
      { from: 'pod/default/web-1', sourcePort: 40_000, to: '10.96.0.10:80' },
      [
        '0.5 delivered at n1/default_web-1/eth0: 10.10.0.1:40000 > 10.10.0.3:8080 | delivered at n1/default_web-1/eth0: 10.96.0.10:80 > 10.10.0.3:40000',
        '0.5 delivered at n2/default_web-2/eth0: 10.10.0.3:40000 > 10.10.1.2:8080 | delivered at n1/default_web-1/eth0: 10.96.0.10:80 > 10.10.0.3:40000',
      ],
    ],
    [
      'to a service without endpoints',
      { ...CLIENT, to: '10.96.0.9:80' },
      ['1 rejected at n1/client-veth: 10.10.0.2:40000 > 10.96.0.9:80'],
    ],
    [
      'to the gateway',
      { ...CLIENT, to: '10.10.0.1:22' },
      [
        '1 delivered at n1/antrea-gw0: 10.10.0.2:40000 > 10.10.0.1:22 | delivered at n1/default_client/eth0: 10.10.0.1:22 > 10.10.0.2:40000',
      ],
    ],
    [
      'to the world, by the gateway and the routes of the node',
      { ...CLIENT, to: '203.0.113.9:443' },
      ['1 left-network at n1/eth0: 10.10.0.2:40000 > 203.0.113.9:443'],
    ],
    [
      'from a node to a pod of its own',
      { from: 'node/n1', sourcePort: 40_000, to: '10.10.0.3:8080' },
      [
        '1 delivered at n1/default_web-1/eth0: 10.10.0.1:40000 > 10.10.0.3:8080 | delivered at n1/antrea-gw0: 10.10.0.3:8080 > 10.10.0.1:40000',
      ],
    ],
    [
      'from a node to a pod of another',
      { from: 'node/n1', sourcePort: 40_000, to: '10.10.1.2:8080' },
      [
        '1 delivered at n2/default_web-2/eth0: 10.10.0.1:40000 > 10.10.1.2:8080 | delivered at n1/antrea-gw0: 10.10.1.2:8080 > 10.10.0.1:40000',
      ],
    ],
    [
      'with an address that is not that of the port',
      { from: '10.10.0.99:40000', in: 'n1/client-veth', to: '10.10.0.3:8080' },
      ['1 dropped at n1/client-veth: 10.10.0.99:40000 > 10.10.0.3:8080'],
    ],
    [
      'to an address of the pods that no pod has',
      { ...CLIENT, to: '10.10.1.77:80' },
      ['1 dropped at n2/antrea-tun0: 10.10.0.2:40000 > 10.10.1.77:80'],
    ],
  ])('%s', async (_name, question, expected) => {
    const answer = await ask(antreaFiles({ names }), question);
    expect({ outcomes: outcomes(answer), decisive: decisive(answer) }).toEqual({
      outcomes: expected,
      decisive: [],
    });
  });

  it('tells every table with the line of its flow, and both ends of the tunnel', async () => {
    const answer = await ask(antreaFiles({ names }), { ...CLIENT, to: '10.10.1.2:8080' });
    const steps = answer.paths[0]?.steps ?? [];
    expect(steps.filter(({ element }) => element === 'ovs')[0]).toEqual({
      node: 'n1',
      element: 'ovs',
      table: names ? 'PipelineRootClassifier' : '0',
      action: 'goto',
      detail: expect.stringContaining('goto_table'),
      evidence: [{ file: 'nodes/n1/ovs-flows.txt', line: 2 }],
    });
    expect(
      steps.filter(({ element }) => element === 'tunnel').map(({ node, detail }) => [node, detail]),
    ).toEqual([
      ['n1', 'geneve by antrea-tun0 from 192.168.77.101 to 192.168.77.102'],
      ['n2', 'geneve by antrea-tun0'],
    ]);
  });
});

describe('a network policy', () => {
  const allow =
    'set_field:0x3->reg6,ct(commit,table=IngressMetric,zone=65520,exec(set_field:0x3/0xffffffff->ct_label))';
  const more = {
    n2: [
      'table=IngressRule, priority=200,ip,nw_src=10.10.0.2 actions=conjunction(3,1/3),conjunction(7,1/3)',
      'table=IngressRule, priority=200,reg1=0x3 actions=conjunction(3,2/3),conjunction(7,2/3)',
      'table=IngressRule, priority=200,tcp,tp_dst=8080 actions=conjunction(3,3/3),conjunction(7,3/3)',
      `table=IngressRule, priority=190,conj_id=3,ip actions=${allow}`,
      `table=IngressRule, priority=190,conj_id=7,ip actions=${allow.replaceAll('0x3', '0x7')}`,
      'table=IngressDefaultRule, priority=200,reg1=0x3 actions=drop',
    ],
  };

  it.each([
    ['lets through what all dimensions have', { ...CLIENT, to: '10.10.1.2:8080' }, 'delivered'],
    ['not another port', { ...CLIENT, to: '10.10.1.2:9090' }, 'dropped'],
    ['not another protocol', { ...CLIENT, to: '10.10.1.2:8080', protocol: 'udp' }, 'dropped'],
    ['not another sender', { from: 'pod/default/web-1', to: '10.10.1.2:8080' }, 'dropped'],
    [
      'nothing of what the answers to other packets are',
      { from: 'pod/default/web-2', to: '10.10.0.2:9090' },
      'delivered',
    ],
  ])('%s', async (_, question, disposition) => {
    const answer = await ask(antreaFiles({ more, names: true }), question);
    expect(answer.paths).toMatchObject([
      { disposition, ...(disposition === 'delivered' ? { reply: { disposition } } : {}) },
    ]);
    expect(answer.notModelled).toEqual([]);
    if (disposition === 'dropped') {
      expect(answer.paths[0]?.steps.at(-1)).toMatchObject({
        node: 'n2',
        element: 'ovs',
        detail: expect.stringContaining('IngressDefaultRule drops reg1=0x3'),
      });
    }
  });
});

describe('what a policy of Antrea denies', () => {
  const deny = (action: string, userdata: string) => ({
    names: true,
    groups: [
      ...GROUPS,
      'group_id=1,type=all,bucket=actions=resubmit(,IngressMetric),bucket=actions=set_field:0x400000/0x600000->reg0,resubmit(,Output)',
    ],
    more: {
      n1: [
        `table=AntreaPolicyIngressRule, priority=14600,ip,reg1=0x4 actions=set_field:0x4->reg3,set_field:0x400/0x400->reg0,${action}`,
        'table=IngressMetric, priority=200,reg0=0x400/0x400,reg3=0x4 actions=drop',
        `table=Output, priority=200,reg0=0x400000/0x600000 actions=meter:256,controller(reason=no_match,id=62373,userdata=${userdata})`,
      ],
    },
  });

  it.each([
    ['drops', 'goto_table:IngressMetric', '01.01', 'dropped'],
    ['drops and logs', 'group:1', '01.01', 'dropped'],
    ['refuses', 'group:1', '01.02', 'rejected'],
    ['refuses and logs', 'group:1', '01.03', 'rejected'],
  ])('%s', async (_, action, userdata, disposition) => {
    const answer = await ask(antreaFiles(deny(action, userdata)), { ...CLIENT, to: '10.10.0.3:8080' });
    expect(answer.paths).toMatchObject([{ disposition }]);
    expect(answer.notModelled).toEqual([]);
  });
});

describe('what is not known', () => {
  const question = { ...CLIENT, to: '10.96.0.10:80' };
  const direct = { ...CLIENT, to: '10.10.0.3:8080' };
  const output = (action: string, priority = 300): AntreaOptions => ({
    names: true,
    more: { n1: [`table=Output, priority=${priority},reg1=0x4 actions=${action}`] },
  });

  it.each<readonly [string, Files, TraceQuestion, string]>([
    ['a group', antreaFiles({ groups: [] }), question, 'group 10 was not collected'],
    [
      'a table that no flow is of',
      antreaFiles(output('goto_table:Elsewhere')),
      direct,
      'no flow of table Elsewhere was collected',
    ],
    ['an action', antreaFiles(output('bundle(eth_src,0,hrw,ofport,members:4,8)')), direct, 'action bundle('],
    [
      'a match',
      antreaFiles({ names: true, more: { n1: ['table=Output, priority=300,nsh_mdtype=1 actions=drop'] } }),
      direct,
      'match nsh_mdtype=1 is not modelled',
    ],
    ['a rate limit', antreaFiles(output('meter:1,output:NXM_NX_REG1[]')), direct, 'a rate limit'],
    [
      'the controller',
      antreaFiles(output('controller(reason=no_match,id=1,userdata=01.01)')),
      direct,
      'handed to the controller',
    ],
    ['a port', antreaFiles(output('output:77')), direct, 'what port 77 of the flows is is not known'],
    [
      'a VLAN tag',
      antreaFiles(output('push_vlan:0x8100,output:NXM_NX_REG1[]')),
      direct,
      'a frame with a VLAN tag',
    ],
    [
      'several ports',
      antreaFiles(output('output:4,output:1')),
      direct,
      'copies of the packet leave by several ports',
    ],
    ['zone 0', antreaFiles(output('ct(commit,table=Output)')), direct, 'zone 0'],
    [
      'flows of one priority that differ',
      antreaFiles(output('drop', 200)),
      direct,
      '2 flows of table Output match with priority 200',
    ],
  ])('%s makes the answer unknown and is named', async (_, files, asked, text) => {
    const answer = await ask(files, asked);
    expect(answer.paths.map(({ disposition }) => disposition)).toEqual(['unknown']);
    expect(decisive(answer)).toContainEqual(
      expect.objectContaining({
        file: expect.stringMatching(/^nodes\/n1\/ovs-(?:flows|groups)\.txt$/),
        text: expect.stringContaining(text),
      }),
    );
  });

  it('flows that were not collected', async () => {
    const { 'nodes/n1/ovs-flows.txt': _, ...files } = antreaFiles();
    const answer = await ask(files, direct);
    expect(outcomes(answer)).toEqual(['1 unknown at n1/client-veth: 10.10.0.2:40000 > 10.10.0.3:8080']);
    expect(decisive(answer)).toEqual([
      { file: 'nodes/n1/ovs-flows.txt', text: 'not collected: Open vSwitch flows', couldChangeAnswer: true },
    ]);
  });

  it('flows that were cut anywhere: those that are missing could decide otherwise', async () => {
    const files = antreaFiles();
    const text = files['nodes/n1/ovs-flows.txt'] ?? '';
    const places = Array.from({ length: 20 }, (_, index) => Math.floor(((index + 1) * text.length) / 21));
    for (const place of places.filter((at) => text[at - 1] !== '\n')) {
      const answer = await ask({ ...files, 'nodes/n1/ovs-flows.txt': text.slice(0, place) }, direct);
      expect([place, answer.paths.map(({ disposition }) => disposition)]).toEqual([place, ['unknown']]);
      expect(decisive(answer).length).toBeGreaterThan(0);
    }
  });

  it('a flow that times out may be gone', async () => {
    const learned =
      'table=SessionAffinity, hard_timeout=300, priority=200,tcp,nw_src=10.10.0.2,nw_dst=10.96.0.10,tp_dst=80 actions=set_field:0x1f90/0xffff->reg4,set_field:0xa0a0003->reg3,set_field:0x20000/0x70000->reg4,set_field:0x200/0x200->reg0';
    const answer = await ask(antreaFiles({ names: true, more: { n1: [learned] } }), question);
    expect(answer.paths.map(({ disposition, probability }) => [disposition, probability])).toEqual([
      ['delivered', 0.5],
      ['unknown', 0.5],
    ]);
  });
});

describe('ports', () => {
  const question = { ...CLIENT, to: '10.96.0.10:80' };

  it('of pods that were not collected are told by the flows', async () => {
    const files = Object.fromEntries(
      Object.entries(antreaFiles()).filter(([path]) => !path.includes('/netns/')),
    );
    const pods = [
      { name: 'client', node: 'n1', ip: '10.10.0.2' },
      { name: 'web-1', node: 'n1', ip: '10.10.0.3' },
      { name: 'web-2', node: 'n2', ip: '10.10.1.2' },
    ];
    const items = pods.map(({ name, node, ip }) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default' },
      spec: { nodeName: node },
      status: { podIP: ip },
    }));
    const network = { ...files, 'cluster/pods.json': JSON.stringify({ kind: 'List', items }) };
    const answer = await ask(network, question);
    expect(
      answer.paths.map(({ disposition, at, steps }) => [disposition, at.node, steps.at(-1)?.detail]),
    ).toEqual([
      ['left-network', 'n1', 'handed to pod default/web-1, whose network namespace was not collected'],
      ['left-network', 'n2', 'handed to pod default/web-2, whose network namespace was not collected'],
    ]);
    expect(decisive(answer)).toEqual([
      {
        file: 'nodes/n1/ovs-flows.txt',
        text: 'the pod with 10.10.0.2 is taken to send as Antrea sets pods up',
        couldChangeAnswer: true,
      },
    ]);
  });

  it('that lead to another hardware address than the flow names lose the packet', async () => {
    const files = antreaFiles({ names: true });
    const pod = 'nodes/n1/netns/default_web-1/ip-addr.txt';
    const other = (files[pod] ?? '').replaceAll('5e:b5:e3:a6:90:03', '5e:b5:e3:a6:90:ff');
    const answer = await ask({ ...files, [pod]: other }, question);
    expect(answer.paths.map(({ disposition, steps }) => [disposition, steps.at(-1)?.detail])).toContainEqual([
      'dropped',
      'the frame is for 5e:b5:e3:a6:90:03, but eth0 behind web-1-veth is 5e:b5:e3:a6:90:ff',
    ]);
  });

  it('that are down', async () => {
    const files = antreaFiles();
    const host = 'nodes/n1/ip-addr.txt';
    const text = (files[host] ?? '').replace(/(client-veth@if2: <BROADCAST,MULTICAST),UP,LOWER_UP>/, '$1>');
    const answer = await ask({ ...files, [host]: text }, question);
    expect(outcomes(answer)).toEqual(['1 interface-down at n1/client-veth: 10.10.0.2:40000 > 10.96.0.10:80']);
  });

  it('that a mirror listens at do not decide where the packet goes', async () => {
    const files = antreaFiles({
      names: true,
      more: {
        n1: [
          'table=Output, priority=211,reg1=0x4 actions=output:NXM_NX_REG1[],output:"mirror0"',
          'table=Classifier, priority=200,in_port="mirror0" actions=drop',
        ],
      },
    });
    const host = 'nodes/n1/ip-addr.txt';
    const mirror =
      '9: mirror0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UNKNOWN\n    link/ether 0a:00:00:00:09:09 brd ff:ff:ff:ff:ff:ff promiscuity 1\n    openvswitch\n';
    const answer = await ask(
      { ...files, [host]: `${files[host]}${mirror}` },
      { ...CLIENT, to: '10.10.0.3:8080' },
    );
    expect(answer.paths).toMatchObject([{ disposition: 'delivered', at: { netns: 'default_web-1' } }]);
    expect(answer.notModelled).toEqual([]);
  });

  it('do not cut up what is too big for them', async () => {
    const answer = await ask(antreaFiles(), { from: 'node/n1', to: '10.10.0.3:80', size: 1450 });
    expect(answer.paths).toMatchObject([{ disposition: 'delivered' }]);
    const host = 'nodes/n1/ip-addr.txt';
    const files = antreaFiles();
    const small = {
      ...files,
      [host]: (files[host] ?? '').replace(/(web-1-veth@if2: .* mtu) 1450/, '$1 1400'),
    };
    const lost = await ask(small, { from: 'node/n1', to: '10.10.0.3:80', size: 1450 });
    expect(lost.paths).toMatchObject([{ disposition: 'too-big', at: { interface: 'web-1-veth' } }]);
  });

  it('of another bridge: its flows are not collected', async () => {
    const files = antreaFiles();
    const shown = 'nodes/n1/ovs-vsctl-show.txt';
    const text = (files[shown] ?? '').replace(
      '        Port client-veth\n            Interface client-veth\n',
      '',
    );
    const other = '    Bridge br-ext\n        Port client-veth\n            Interface client-veth\n';
    const answer = await ask(
      { ...files, [shown]: text.replace('    ovs_version', `${other}    ovs_version`) },
      question,
    );
    expect(answer.paths).toMatchObject([{ disposition: 'unknown' }]);
    expect(decisive(answer)).toMatchObject([{ text: 'flows of bridge br-ext are not collected' }]);
  });

  it('without a flow for their ARP lose the question who has the next hop', async () => {
    const files = antreaFiles();
    const flows = 'nodes/n1/ovs-flows.txt';
    const text = (files[flows] ?? '')
      .split('\n')
      .filter((line) => !line.includes('arp_spa=10.10.0.2,'))
      .join('\n');
    const answer = await ask({ ...files, [flows]: text }, question);
    expect(outcomes(answer)).toEqual([
      '1 neighbor-unreachable at n1/default_client/eth0: 10.10.0.2:40000 > 10.96.0.10:80',
    ]);
  });
});

it('groups may stand in a file of their own', async () => {
  const files = {
    ...antreaFiles({ groups: [], names: true }),
    'nodes/n1/ovs-groups.txt': `${GROUPS.join('\n')}\n`,
  };
  const answer = await ask(files, { ...CLIENT, to: '10.96.0.11:80' });
  expect(answer.paths).toMatchObject([{ disposition: 'delivered', at: { netns: 'default_web-2' } }]);
  const selected = answer.paths[0]?.steps.find(({ action }) => action === 'select');
  expect(selected?.evidence).toEqual([{ file: 'nodes/n1/ovs-groups.txt', line: 3 }]);
});

it('groups that were cut could have more buckets', async () => {
  const cut = GROUPS[1].slice(0, GROUPS[1].indexOf(',bucket=bucket_id:1'));
  const files = { ...antreaFiles({ groups: [], names: true }), 'nodes/n1/ovs-groups.txt': cut };
  const answer = await ask(files, { ...CLIENT, to: '10.96.0.10:80' });
  expect(answer.paths).toMatchObject([{ disposition: 'unknown' }]);
});

it('groups are needed for services only', async () => {
  const answer = await ask(antreaFiles({ groups: GROUPS.slice(0, 1) }), { ...CLIENT, to: '10.10.1.2:8080' });
  expect(answer.paths).toMatchObject([{ disposition: 'delivered' }]);
});
