import { parseNumberRange, rangeContains } from '../../../../net/number-range.ts';
import { protocolNumber } from '../../../../net/protocol.ts';
import type { RuleOption } from '../../../../parsers/iptables-save/index.ts';
import type { RuleContext } from '../../../firewall/context.ts';
import { type TestResult, unsure } from '../../../firewall/verdict.ts';
import type { Connection } from '../../conntrack/connection.ts';
import type { Match, Test } from '../match.ts';
import { isInNetwork, readMaskedAddress } from '../values.ts';

/** `-m conntrack` and the older `-m state` (net/netfilter/xt_conntrack.c). */
export const conntrack: Match = {
  names: ['conntrack', 'state'],
  compile(options) {
    const asksState = options.some(isOfState);
    const tests: Test[] = [];
    for (const option of options) {
      const test = compile(option);
      if (test === undefined) return undefined;
      const full = option.negated ? negated(test) : test;
      tests.push(isOfState(option) ? full : ofTracked(full, asksState));
    }
    return tests;
  },
};

function isOfState({ name }: RuleOption): boolean {
  return name === 'ctstate' || name === 'state';
}

function negated(test: Test): Test {
  return (context) => {
    const result = test(context);
    return typeof result === 'boolean' ? !result : result;
  };
}

/** Of a packet without a connection only the state is asked; where no option asks for that, it does not match (`conntrack_mt`). */
function ofTracked(test: Test, asksState: boolean): Test {
  return (context) => (context.connection.tracked === undefined ? asksState : test(context));
}

function compile(option: RuleOption): Test | undefined {
  const value = option.values[0] ?? '';
  if (isOfState(option)) return stateTest(value.toUpperCase().split(','));
  if (option.name === 'ctstatus') return statusTest(value.toUpperCase().split(','));
  if (option.name === 'ctdir') {
    return ({ connection }) =>
      connection.direction === (value.toUpperCase() === 'REPLY' ? 'reply' : 'original');
  }
  if (option.name === 'ctproto') {
    const protocol = protocolNumber(value);
    return protocol === undefined
      ? undefined
      : tracked((connection) => connection.original.protocol === protocol);
  }
  return flowTest(option.name, value);
}

const STATES: ReadonlySet<string> = new Set([
  'NEW',
  'ESTABLISHED',
  'RELATED',
  'INVALID',
  'UNTRACKED',
  'SNAT',
  'DNAT',
]);

function stateTest(states: readonly string[]): Test | undefined {
  if (!states.every((state) => STATES.has(state))) return undefined;
  return ({ connection }) => {
    if (states.includes(connection.state.toUpperCase())) return true;
    const { tracked } = connection;
    if (tracked === undefined) return false;
    if (states.includes('SNAT') && tracked.hasSourceTranslated()) return true;
    return states.includes('DNAT') && tracked.hasDestinationTranslated();
  };
}

/** A connection is confirmed when its first packet has left the node or arrived at a socket. */
function statusTest(statuses: readonly string[]): Test | undefined {
  const known = ['NONE', 'EXPECTED', 'SEEN_REPLY', 'ASSURED', 'CONFIRMED'];
  if (!statuses.every((status) => known.includes(status))) return undefined;
  return ({ connection }): TestResult => {
    const { tracked } = connection;
    if (tracked === undefined) return false;
    const isOld = tracked.isEstablished || connection.direction === 'reply';
    if (statuses.includes('NONE')) return unsure('connection status NONE is not modelled');
    return isOld && statuses.some((status) => status !== 'EXPECTED');
  };
}

function flowTest(name: string, value: string): Test | undefined {
  const match = /^ct(orig|repl)(src|dst)(port)?$/.exec(name);
  if (match === null) return undefined;
  const flow = match[1] === 'orig' ? 'original' : 'reply';
  const isSource = match[2] === 'src';
  if (match[3] !== undefined) {
    const range = parseNumberRange(value);
    if (range === undefined) return undefined;
    return tracked((connection) => {
      const port = isSource ? connection[flow].sourcePort : connection[flow].destinationPort;
      return port !== undefined && rangeContains(range, port);
    });
  }
  const network = readMaskedAddress(value);
  if (network === undefined) return undefined;
  return tracked((connection) =>
    isInNetwork(network, isSource ? connection[flow].source : connection[flow].destination),
  );
}

function tracked(test: (connection: Connection) => boolean): (context: RuleContext) => boolean {
  return ({ connection }) => connection.tracked !== undefined && test(connection.tracked);
}
