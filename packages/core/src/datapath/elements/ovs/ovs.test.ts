import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseOvsFlows } from '../../../parsers/ovs/index.ts';
import type { Choices } from '../../choices/choices.ts';
import { readAction } from './actions.ts';
import { FieldValues } from './field-values.ts';
import { type FieldRange, readFieldRange } from './fields.ts';
import { lookUpFlow } from './lookup.ts';
import { readMatch, testMatch } from './match.ts';
import { runPipeline } from './pipeline.ts';
import { PortNumbers } from './port-numbers.ts';
import { FlowTables } from './tables.ts';
import { Zones } from './zones.ts';

/** Takes the expected meaning of everything, and keeps what was asked. */
function recorded(): Choices & { readonly texts: string[] } {
  const texts: string[] = [];
  return {
    texts,
    random: () => 0,
    unsure: ({ text }) => {
      texts.push(text);
      return 0;
    },
  };
}

const portId = (text: string): bigint => BigInt(text.replaceAll('"', '').replace(/\D/g, '') || '0');

function tablesOf(...lines: readonly string[]): FlowTables {
  const { value, problems } = parseOvsFlows(`${lines.join('\n')}\n`);
  expect(problems).toEqual([]);
  return new FlowTables(value, 'ovs-flows.txt', { groups: [], file: 'ovs-groups.txt' });
}

function run(values: Record<string, bigint>, ...lines: readonly string[]) {
  const zero = Array.from({ length: 16 }, (_, index) => [`reg${index}`, 0n] as const);
  const choices = recorded();
  const end = runPipeline(
    new FieldValues([...zero, ['in_port', 1n], ['ct_state', 0n], ...Object.entries(values)]),
    { tables: tablesOf(...lines), zones: new Zones(), choices, isReply: false, note: () => {} },
  );
  return { end, texts: choices.texts };
}

function portsOf({ end }: ReturnType<typeof run>): readonly unknown[] {
  return end.kind === 'out' ? end.outputs.map(({ port }) => port) : [end.kind];
}

describe('real dumps', () => {
  it.each(['001-insights.txt', '002-ovn-etp-local.txt', '003-antrea-servicelb.txt'])(
    '%s is read whole',
    (file) => {
      const url = new URL(`../../../parsers/ovs/__fixtures__/flows/${file}`, import.meta.url);
      const { flows } = parseOvsFlows(readFileSync(url, 'utf8')).value;
      expect(flows.length).toBeGreaterThan(0);
      for (const { matches, actionList } of flows) {
        expect(readMatch(matches, portId).unread).toEqual([]);
        expect(
          actionList.map((text) => readAction(text, portId)).filter(({ kind }) => kind === 'unread'),
        ).toEqual([]);
      }
    },
  );
});

describe('actions', () => {
  const reg = (field: string, start: number, width: number): FieldRange => ({ field, start, width });

  it.each([
    [
      'set_field:0x20000/0x70000->reg4',
      { kind: 'set', target: reg('reg4', 0, 32), value: 0x20000n, mask: 0x70000n },
    ],
    ['load:0x1->NXM_NX_REG0[9]', { kind: 'set', target: reg('reg0', 9, 1), value: 1n, mask: 1n }],
    [
      'set_field:aa:bb:cc:dd:ee:ff->eth_dst',
      { kind: 'set', target: reg('eth_dst', 0, 48), value: 0xaabbccddeeffn, mask: 0xffffffffffffn },
    ],
    [
      'mod_dl_dst:00:00:00:00:00:01',
      { kind: 'set', target: reg('eth_dst', 0, 48), value: 1n, mask: 0xffffffffffffn },
    ],
    [
      'set_field:192.168.77.103->tun_dst',
      { kind: 'set', target: reg('tun_dst', 0, 32), value: 0xc0a84d67n, mask: 0xffffffffn },
    ],
    [
      'move:NXM_NX_REG0[0..3]->NXM_NX_CT_MARK[0..3]',
      { kind: 'move', source: reg('reg0', 0, 4), target: reg('ct_mark', 0, 4) },
    ],
    ['goto_table:Output', { kind: 'table', table: 'Output' }],
    ['resubmit(,70)', { kind: 'table', table: '70' }],
    ['output:NXM_NX_REG1[]', { kind: 'output', port: reg('reg1', 0, 32) }],
    ['output:"web-1"', { kind: 'output', port: 1n }],
    ['7', { kind: 'output', port: 7n }],
    ['LOCAL', { kind: 'output', port: 0n }],
    ['IN_PORT', { kind: 'in-port' }],
    ['NORMAL', { kind: 'normal' }],
    ['dec_ttl', { kind: 'dec-ttl' }],
    ['group:12', { kind: 'group', id: 12 }],
    ['conjunction(7,1/3)', { kind: 'conjunction', id: 7n, clause: 1, clauses: 3 }],
    ['note:01.02.03', { kind: 'nothing' }],
    ['CONTROLLER:65535', { kind: 'controller', text: 'CONTROLLER:65535' }],
    [
      'ct(commit,table=SNAT,zone=65520,nat(dst=10.10.0.24:80),exec(set_field:0x10/0x10->ct_mark,load:0x2->NXM_NX_CT_LABEL[32..63]))',
      {
        kind: 'ct',
        commit: true,
        zone: 65520n,
        table: 'SNAT',
        nat: { destination: { first: { family: 4, bits: 0x0a0a0018n }, ports: { first: 80, last: 80 } } },
        exec: [
          { kind: 'set', target: reg('ct_mark', 0, 32), value: 0x10n, mask: 0x10n },
          { kind: 'set', target: reg('ct_label', 32, 32), value: 2n, mask: 0xffffffffn },
        ],
      },
    ],
    [
      'ct(table=5,zone=NXM_NX_REG8[0..15],nat)',
      { kind: 'ct', commit: false, zone: reg('reg8', 0, 16), table: '5', nat: {}, exec: [] },
    ],
  ])('%s', (text, expected) => {
    expect(readAction(text, portId)).toEqual(expected);
  });

  it.each([
    'resubmit(3,70)',
    'ct(commit,force,zone=1)',
    'ct(commit,zone=1,exec(set_field:1->reg0))',
    'ct(commit,zone=1,nat(src=nonsense))',
    'set_field:1->nsh_mdtype',
    'load:0x10->NXM_NX_REG0[0..3]',
    'move:NXM_NX_REG0[0..3]->NXM_NX_REG1[]',
    'load:1->NXM_NX_REG0[30..40]',
    'clone(output:1)',
    'FLOOD',
    'multipath(eth_src,50,modulo_n,1,0,NXM_NX_REG0[])',
  ])('%s is named as not modelled', (text) => {
    expect(readAction(text, portId)).toEqual({ kind: 'unread', text });
  });
});

describe('matches', () => {
  const packet = new FieldValues([
    ['eth_type', 0x800n],
    ['nw_proto', 6n],
    ['nw_src', 0x0a0a0002n],
    ['tp_dst', 80n],
    ['reg0', 0x203n],
    ['ct_state', 0x21n],
    ['ct_label', 0x200000000n],
    ['tcp_flags', 2n],
    ['ip_frag', 0n],
    ['in_port', 3n],
  ]);

  it.each<readonly [string, boolean | string]>([
    ['ip', true],
    ['tcp', true],
    ['udp', false],
    ['tcp6', false],
    ['nw_src=10.10.0.0/24', true],
    ['nw_src=10.10.0.0/255.255.255.0', true],
    ['nw_src=10.10.1.0/24', false],
    ['tp_dst=80', true],
    ['tcp_dst=0x50/0xfff0', true],
    ['reg0=0x3/0xf', true],
    ['reg0=0/0x200', false],
    ['reg0[0..3]=3', true],
    ['NXM_NX_REG0[9]=0', false],
    ['ct_state=+new+trk', true],
    ['ct_state=-new+trk', false],
    ['ct_state=+new-est-rpl', true],
    ['ct_label=0x200000000/0xffffffff00000000', true],
    ['tcp_flags=+syn-ack', true],
    ['nw_frag=not_later', true],
    ['ip_frag=yes', false],
    ['in_port="port3"', true],
    ['in_port=4', false],
    ['tp_src=1', 'tp_src of the packet is not known'],
    ['dl_dst=00:00:00:00:00:01', 'eth_dst of the packet is not known'],
    ['nsh_mdtype=1', 'match nsh_mdtype=1 is not modelled'],
    ['ct_state=+nonsense', 'match ct_state=+nonsense is not modelled'],
  ])('%s: %s', (text, expected) => {
    expect(testMatch(readMatch([text], portId), packet)).toBe(expected);
  });

  it('what surely does not match is no question of what is not known', () => {
    expect(testMatch(readMatch(['nsh_mdtype=1', 'tp_src=1', 'udp'], portId), packet)).toBe(false);
  });
});

describe('fields', () => {
  it('keep what is written to their bits, and nothing else changes', () => {
    const range = fc
      .tuple(
        fc.constantFrom('reg3', 'xreg1', 'xxreg0', 'ct_label'),
        fc.nat({ max: 31 }),
        fc.integer({ min: 1, max: 32 }),
      )
      .filter(([field, start, width]) => start + width <= (field === 'reg3' ? 32 : 64));
    fc.assert(
      fc.property(
        range,
        fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }),
        fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
        ([field, start, width], value, before) => {
          const values = new FieldValues([]);
          const whole = readFieldRange(field) ?? { field, start: 0, width: 0 };
          values.write(whole, before);
          const held = values.get(field) ?? 0n;
          const part = { field, start, width };
          const kept = value & ((1n << BigInt(width)) - 1n);
          values.write(part, kept);
          expect(values.read(part)).toBe(kept);
          const mask = ((1n << BigInt(width)) - 1n) << BigInt(start);
          expect((values.get(field) ?? 0n) & ~mask).toBe(held & ~mask);
        },
      ),
    );
  });

  it('wide registers lie over narrow ones, highest bits first', () => {
    const values = new FieldValues([]);
    values.set('xxreg3', 0x00000001_00000002_00000003_00000004n);
    expect(['reg12', 'reg13', 'reg14', 'reg15', 'xreg6'].map((field) => values.get(field))).toEqual([
      1n,
      2n,
      3n,
      4n,
      0x1_00000002n,
    ]);
    values.set('reg13', undefined);
    expect([values.get('xxreg3'), values.get('xreg6'), values.get('reg12')]).toEqual([
      undefined,
      undefined,
      1n,
    ]);
  });
});

describe('conjunctive matches', () => {
  const flows = [
    'table=0, priority=200,ip,nw_src=10.0.0.1 actions=conjunction(1,1/2),conjunction(2,1/2)',
    'table=0, priority=200,ip,nw_dst=10.0.0.2 actions=conjunction(1,2/2)',
    'table=0, priority=150,ip,nw_dst=10.0.0.4 actions=conjunction(2,2/2)',
    'table=0, priority=190,conj_id=1,ip actions=output:11',
    'table=0, priority=190,conj_id=2,ip actions=output:12',
    'table=0, priority=195,ip,nw_dst=10.0.0.3 actions=output:13',
    'table=0, priority=0 actions=output:14',
  ];
  const to = (last: bigint, source = 1n) => ({
    eth_type: 0x800n,
    nw_src: 0x0a000000n + source,
    nw_dst: 0x0a000000n + last,
  });

  it.each([
    ['all dimensions', to(2n), 11n],
    ['one dimension is not enough', to(9n), 14n],
    ['the other dimension is not enough', to(2n, 7n), 14n],
    ['a plain flow of a priority between', to(3n), 13n],
    ['dimensions of different priorities do not add up', to(4n), 14n],
  ])('%s', (_, values, port) => {
    expect(portsOf(run(values, ...flows))).toEqual([port]);
  });

  it('two that mean the same leave nothing open, two that differ do', () => {
    const both = [
      'table=0, priority=200,ip actions=conjunction(1,1/2),conjunction(2,1/2)',
      'table=0, priority=200,ip,nw_dst=10.0.0.2 actions=conjunction(1,2/2),conjunction(2,2/2)',
      'table=0, priority=190,conj_id=1,ip actions=set_field:0x1->reg6,output:11',
    ];
    const same = run(
      to(2n),
      ...both,
      'table=0, priority=190,conj_id=2,ip actions=set_field:0x2->reg6,output:11',
    );
    expect([portsOf(same), same.texts]).toEqual([[11n], []]);
    const other = run(to(2n), ...both, 'table=0, priority=190,conj_id=2,ip actions=drop');
    expect(other.texts).toEqual(['2 flows of table 0 match with priority 190']);
  });

  it('the id is forgotten after the table', () => {
    const levels = tablesOf(
      'table=1, priority=5,conj_id=1 actions=output:1',
      'table=1, priority=0 actions=drop',
    ).levels('1');
    const values = new FieldValues([['conj_id', 0n]]);
    expect(lookUpFlow(levels, values, recorded())?.flow.priority).toBe(0);
  });
});

describe('the pipeline', () => {
  it.each<readonly [string, readonly string[], readonly unknown[]]>([
    [
      'goes on after a resubmit',
      ['table=0 actions=resubmit(,1),output:NXM_NX_REG1[]', 'table=1 actions=set_field:9->reg1'],
      [9n],
    ],
    [
      'drops what no flow of a table matches',
      ['table=0 actions=goto_table:1', 'table=1, priority=1,arp actions=output:1'],
      ['lost'],
    ],
    ['puts nothing out by the port it came in by', ['table=0 actions=output:1'], ['lost']],
    ['unless it is told to', ['table=0 actions=IN_PORT'], [1n]],
    [
      'ends flows that lead round in circles',
      ['table=0 actions=goto_table:1', 'table=1 actions=resubmit(,0)'],
      ['lost'],
    ],
    [
      'gives each bucket of a group of type all a copy',
      [
        'table=0 actions=group:1',
        'group_id=1,type=all,bucket=actions=set_field:7->reg1,output:NXM_NX_REG1[],bucket=actions=output:NXM_NX_REG1[]',
      ],
      [7n, 0n],
    ],
    [
      'leaves out buckets without weight',
      [
        'table=0 actions=group:1',
        'group_id=1,type=select,bucket=weight:0,actions=output:4,bucket=weight:10,actions=output:5',
      ],
      [5n],
    ],
    ['drops in a group without buckets', ['table=0 actions=group:1', 'group_id=1,type=select'], ['lost']],
    [
      'does not guess what watched ports do',
      ['table=0 actions=group:1', 'group_id=1,type=ff,bucket=watch_port:1,actions=output:4'],
      ['unknown'],
    ],
    [
      'does not guess what a flow without an end leaves out',
      ['table=0 actions=set_field:9->reg1'],
      ['unknown'],
    ],
    [
      'begins where no flow leads to, where tables have names',
      ['table=Second actions=output:5', 'table=First actions=goto_table:Second'],
      [5n],
    ],
    [
      'begins nowhere where several could be first',
      ['table=A actions=output:5', 'table=B actions=output:6'],
      ['unknown'],
    ],
  ])('%s', (_, lines, expected) => {
    expect(portsOf(run({ eth_type: 0x800n, nw_ttl: 64n }, ...lines))).toEqual(expected);
  });

  it('counts down, to the end', () => {
    expect(portsOf(run({ nw_ttl: 1n }, 'table=0 actions=dec_ttl,output:2'))).toEqual(['old']);
  });

  it('keeps connections of zones apart', () => {
    const values = { eth_type: 0x800n, nw_proto: 6n, nw_src: 1n, nw_dst: 2n, tp_src: 3n, tp_dst: 4n };
    const { end } = run(
      values,
      'table=0 actions=ct(commit,zone=5,table=1,exec(set_field:0x9->ct_mark))',
      'table=1 actions=move:NXM_NX_CT_MARK[]->NXM_NX_REG2[],ct(zone=6,table=2)',
      'table=2, priority=1,ct_mark=0,ct_state=+new+trk actions=output:2',
    );
    expect(end).toMatchObject({ kind: 'out' });
    expect(end.kind === 'out' ? end.outputs[0].values.get('reg2') : undefined).toBe(9n);
  });
});

describe('ports', () => {
  it('that flows name get the number that other flows give to the same hardware address', () => {
    const { flows } = parseOvsFlows(
      [
        'table=SpoofGuard, priority=200,ip,in_port="web-1",dl_src=02:00:00:00:00:09,nw_src=10.10.0.3 actions=goto_table:UnSNAT',
        'table=L2ForwardingCalc, priority=200,dl_dst=02:00:00:00:00:09 actions=set_field:0x24->reg1,goto_table:Output',
        'table=L2ForwardingCalc, priority=200,dl_dst=02:00:00:00:00:0a actions=load:0x25->NXM_NX_REG1[],goto_table:Output',
      ].join('\n'),
    ).value;
    const ports = new PortNumbers(flows);
    expect([ports.idOf('"web-1"'), ports.named('web-1'), ports.withAddress('10.10.0.3')]).toEqual([
      0x24n,
      0x24n,
      0x24n,
    ]);
    expect([ports.withMac('02:00:00:00:00:0a'), ports.addressBehind(0x24n)]).toEqual([0x25n, '10.10.0.3']);
    expect(ports.idOf('65534')).toBe(ports.idOf('LOCAL'));
  });

  it('of one address that two ports claim are not known', () => {
    const { flows } = parseOvsFlows(
      [3, 4]
        .map(
          (port) =>
            `table=0, priority=1,ip,in_port=${port},dl_src=02:00:00:00:00:09,nw_src=10.10.0.3 actions=drop`,
        )
        .join('\n'),
    ).value;
    const ports = new PortNumbers(flows);
    expect([ports.withMac('02:00:00:00:00:09'), ports.withAddress('10.10.0.3')]).toEqual([
      undefined,
      undefined,
    ]);
  });
});
