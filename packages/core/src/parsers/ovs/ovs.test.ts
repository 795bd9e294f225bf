import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseOvsFlows, parseOvsVsctlShow } from './index.ts';

function fixture(name: string): string {
  return readFileSync(new URL(`__fixtures__/${name}`, import.meta.url), 'utf8');
}

describe('ovs-vsctl show', () => {
  it.each([
    ['001-antrea.txt', '3.7.1', ['br-int'], ['coredns--e526c8', 'antrea-tun0', 'antrea-gw0']],
    ['002-spiderpool-br1.txt', '2.17.3', ['br1'], ['eth0', 'br1', 'veth97fb4795']],
  ])('%s', (file, version, bridges, ports) => {
    const { value, problems } = parseOvsVsctlShow(fixture(`show/${file}`));
    expect(problems).toEqual([]);
    expect(value.version).toBe(version);
    expect(value.bridges.map(({ name }) => name)).toEqual(bridges);
    expect(value.bridges.flatMap((bridge) => bridge.ports.map(({ name }) => name))).toEqual(ports);
  });

  it('reads types and options, also where the type is indented too little', () => {
    const [bridge] = parseOvsVsctlShow(fixture('show/001-antrea.txt')).value.bridges;
    expect(bridge?.properties.get('datapath_type')).toBe('system');
    const interfaces = bridge?.ports.flatMap((port) => port.interfaces);
    expect(interfaces?.map(({ name, type, line }) => [name, type, line])).toEqual([
      ['coredns--e526c8', undefined, 5],
      ['antrea-tun0', 'geneve', 7],
      ['antrea-gw0', 'internal', 11],
    ]);
    expect(Object.fromEntries(interfaces?.[1]?.options ?? [])).toEqual({ key: 'flow', remote_ip: 'flow' });
  });

  it('reads quoted names, VLANs, controllers, managers and errors', () => {
    const text = `a5e1a5c0-0000-4000-8000-000000000001
    Manager "ptcp:6640"
        is_connected: true
    Bridge "br0"
        Controller "tcp:10.0.0.1:6653"
            is_connected: true
        fail_mode: secure
        Port "bond0"
            tag: 10
            trunks: [20, 30]
            Interface "eth1"
                error: "could not open network device eth1 (No such device)"
            Interface "vxlan0"
                type: vxlan
                options: {csum="true", key=flow, remote_ip="192.168.0.3"}
    ovs_version: "2.15.0"
`;
    const { value, problems } = parseOvsVsctlShow(text);
    expect(problems).toEqual([]);
    expect(value).toMatchObject({
      uuid: 'a5e1a5c0-0000-4000-8000-000000000001',
      managers: ['ptcp:6640'],
      bridges: [{ name: 'br0', controllers: ['tcp:10.0.0.1:6653'], ports: [{ name: 'bond0', tag: 10 }] }],
    });
    const [bridge] = value.bridges;
    expect(Object.fromEntries(bridge?.properties ?? [])).toEqual({ fail_mode: 'secure' });
    expect(bridge?.ports[0]?.properties.get('trunks')).toBe('[20, 30]');
    expect(bridge?.ports[0]?.interfaces[0]?.error).toBe(
      'could not open network device eth1 (No such device)',
    );
    expect(Object.fromEntries(bridge?.ports[0]?.interfaces[1]?.options ?? [])).toEqual({
      csum: 'true',
      key: 'flow',
      remote_ip: '192.168.0.3',
    });
  });

  it.each([
    [
      'an error message',
      'ovs-vsctl: unix:/var/run/openvswitch/db.sock: database connection failed (No such file or directory)\n',
    ],
    ['a port outside a bridge', '        Port eth0\n'],
    ['NUL bytes', '    Bridge br\0int\n'],
    ['a shell message', 'sh: ovs-vsctl: not found\n'],
  ])('%s is reported', (_, text) => {
    expect(parseOvsVsctlShow(text)).toMatchObject({ value: { bridges: [] }, problems: [{ line: 1 }] });
  });
});

describe('ovs-ofctl dump-flows', () => {
  it.each([
    ['001-insights.txt', 8, [0]],
    ['002-ovn-etp-local.txt', 3, [0, 4, 3]],
    // Ten numbered flows on twelve lines: the seventh goes on over two more.
    ['003-antrea-servicelb.txt', 10, ['ServiceLB']],
  ])('%s', (file, count, tables) => {
    const { value, problems } = parseOvsFlows(fixture(`flows/${file}`));
    expect(problems).toEqual([]);
    expect(value.flows).toHaveLength(count);
    expect([...new Set(value.flows.map(({ table }) => table))]).toEqual(tables);
  });

  it('reads statistics, matches and actions', () => {
    expect(parseOvsFlows(fixture('flows/002-ovn-etp-local.txt')).value.flows).toMatchObject([
      {
        table: 0,
        cookie: '0xdeff105',
        duration: 839.789,
        packets: 6,
        bytes: 484,
        priority: 175,
        matches: ['tcp', 'in_port="patch-breth0_ov"', 'nw_src=172.19.0.3'],
        actions: 'ct(table=4,zone=64001)',
        actionList: ['ct(table=4,zone=64001)'],
        line: 1,
      },
      {
        table: 4,
        priority: 32_768,
        matches: ['ip'],
        actionList: ['ct(commit,table=3,zone=64002,nat(src=169.254.169.1))'],
      },
      {
        table: 3,
        matches: [],
        actionList: [
          'move:NXM_OF_ETH_DST[]->NXM_OF_ETH_SRC[]',
          'set_field:02:42:ac:13:00:03->eth_dst',
          'LOCAL',
        ],
      },
    ]);
  });

  it('joins a flow that is continued', () => {
    const flow = parseOvsFlows(fixture('flows/003-antrea-servicelb.txt')).value.flows[6];
    expect(flow).toMatchObject({ table: 'ServiceLB', priority: 190, line: 7 });
    expect(flow?.actionList).toHaveLength(3);
    expect(flow?.actionList[0]).toMatch(/^learn\(.*NXM_NX_REG0\[9\]\)$/);
  });

  it('a last line without its end may be cut', () => {
    const { value, problems } = parseOvsFlows(' table=0 actions=drop\n table=0 actions=goto_table:1');
    expect(value.flows).toHaveLength(2);
    expect(problems).toEqual([{ line: 2, reason: 'expected the end of the line' }]);
  });

  it('passes over headings and reads words that are neither match nor statistic', () => {
    const text = `NXST_FLOW reply (xid=0x4):
 cookie=0x0, duration=1s, table=0, n_packets=0, n_bytes=0, idle_age=5, hard_age=6, send_flow_rem priority=10,ip actions=drop
`;
    const { value, problems } = parseOvsFlows(
      text.replace('send_flow_rem priority', 'send_flow_rem, priority'),
    );
    expect(problems).toEqual([]);
    expect(value.flows).toMatchObject([
      { idleAge: 5, hardAge: 6, flags: ['send_flow_rem'], matches: ['ip'], actions: 'drop' },
    ]);
  });

  it.each([
    ['an error message', 'ovs-ofctl: br-int is not a bridge or a socket\n'],
    ['a flow that was cut in its actions', ' table=0, priority=1,ip actions=ct(commit,table=3'],
    ['a flow that was cut before its actions', ' cookie=0x0, duration=1s, table=0, n_packets=0'],
    ['a number that is none', ' table=0, priority=high,ip actions=drop\n'],
    ['NUL bytes', ' table=0, priority=1\0,ip actions=drop\n'],
    ['a flow without actions', ' table=0, priority=1,ip actions=\n'],
  ])('%s is reported', (_, text) => {
    expect(parseOvsFlows(text)).toMatchObject({ value: { flows: [] }, problems: [{ line: 1 }] });
  });
});

describe('ovs-ofctl dump-groups', () => {
  it('reads buckets, also under flows and their heading', () => {
    const text = `OFPST_FLOW reply (OF1.5) (xid=0x2):
 table=0, priority=0 actions=drop
OFPST_GROUP_DESC reply (OF1.5) (xid=0x2):
 group_id=10,type=select,bucket=bucket_id:0,weight:100,actions=set_field:0xa0a0018->reg3,resubmit(,EndpointDNAT),bucket=bucket_id:1,weight:50,watch_port:2,actions=drop
`;
    const { value, problems } = parseOvsFlows(text);
    expect(problems).toEqual([]);
    expect(value.flows).toHaveLength(1);
    expect(value.groups).toEqual([
      {
        id: 10,
        type: 'select',
        line: 4,
        buckets: [
          {
            weight: 100,
            conditions: [],
            actionList: ['set_field:0xa0a0018->reg3', 'resubmit(,EndpointDNAT)'],
          },
          { weight: 50, conditions: ['watch_port:2'], actionList: ['drop'] },
        ],
      },
    ]);
  });

  it.each([
    ['cut in a bucket', 'group_id=9,type=select,bucket=weight:100,actions=resubmit(,Endp'],
    ['cut before the actions of a bucket', 'group_id=9,type=select,bucket=bucket_id:0,weight:100'],
    ['without a type', 'group_id=9'],
  ])('a group %s is reported', (_, text) => {
    expect(parseOvsFlows(text)).toMatchObject({ value: { groups: [] }, problems: [{ line: 1 }] });
  });
});

describe('both', () => {
  it('take empty text as nothing', () => {
    expect(parseOvsFlows('')).toEqual({ value: { flows: [], groups: [] }, problems: [] });
    expect(parseOvsVsctlShow('').value.bridges).toEqual([]);
  });

  it('never throw', () => {
    const part = fc.constantFrom(
      'Bridge a',
      ' Port b',
      'Interface c',
      'type: x',
      'options: {',
      'table=0',
      ',',
      '\n',
      '\\',
      'actions=',
      '(',
    );
    const texts = fc.array(fc.oneof(part, fc.string({ unit: 'binary' }))).map((parts) => parts.join(' '));
    fc.assert(
      fc.property(texts, (text) => {
        parseOvsFlows(text);
        parseOvsVsctlShow(text);
      }),
    );
  });
});
