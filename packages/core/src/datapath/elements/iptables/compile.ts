import { protocolNumber } from '../../../net/protocol.ts';
import type { IptablesRule, RuleOption } from '../../../parsers/iptables-save/index.ts';
import type { Rule, Statement } from '../../firewall/chain.ts';
import { type RuleContext, settle } from '../../firewall/context.ts';
import { ACCEPT, DROP, unsure } from '../../firewall/verdict.ts';
import { constant, type Test } from './match.ts';
import { matchNamed } from './matches/index.ts';
import { portTest } from './matches/ports.ts';
import { compileTarget, isWithoutEffect } from './targets/index.ts';
import { isInNetwork, readMaskedAddress } from './values.ts';

/**
 * Makes a rule of iptables-save ready for walking.
 *
 * A match that is not modelled is tried both ways; a target that is not modelled could let the packet go on, accept or
 * drop it.
 */
export function compileRule(rule: IptablesRule, file: string, isTerminal: (target: string) => boolean): Rule {
  const place = { file, line: rule.line };
  const { text, target } = rule;
  if (target === undefined || isWithoutEffect(target)) return { place, text, statements: [] };
  const options = rule.options;
  const statements: Statement[] = testsOf(options).map((test) => testStatement(test));
  if (rule.isPartlyShown)
    statements.push(testStatement(() => unsure('iptables does not show this rule in full')));
  if (isTerminal(target)) {
    statements.push(() => ({ kind: rule.targetIsGoto ? 'goto' : 'jump', chain: target }));
  } else {
    const own = options.slice(options.findIndex(({ name }) => name === 'jump' || name === 'goto') + 1);
    const targetOptions = own.filter(({ module }) => module === target);
    statements.push(compileTarget(target, targetOptions) ?? unknownTarget(target));
  }
  return { place, text, statements };
}

function testStatement(test: Test): Statement {
  return (context: RuleContext, _note, rule) =>
    settle(context, test(context), { ...rule.place, text: rule.text }) ? 'next' : 'break';
}

function unknownTarget(target: string): Statement {
  return (context, _note, rule) => {
    const text = `target ${target} is not modelled: ${rule.text}`;
    const outcomes = ['next', ACCEPT, DROP] as const;
    return (
      outcomes[context.choices.unsure({ ...rule.place, text, isMissing: false }, outcomes.length)] ?? 'next'
    );
  };
}

/** All conditions of a rule: plain ones first, then those of chance, then those that nobody knows. */
function testsOf(options: readonly RuleOption[]): readonly Test[] {
  const plain: Test[] = [];
  const random: Test[] = [];
  const open: Test[] = [];
  for (const option of options) {
    const test = genericTest(option);
    if (test === 'other') continue;
    if (test === undefined) open.push(() => unsure(`option ${option.name} is not modelled`));
    else plain.push(test);
  }
  for (const { module, options: own } of instancesOf(options)) {
    const tests = matchNamed(module)?.compile(own);
    if (tests === undefined) open.push(() => unsure(`match ${module} is not modelled`));
    else (module === 'statistic' ? random : plain).push(...tests);
  }
  return [...plain, ...random, ...open];
}

/** Options that every rule can have; `other` for those of matches and targets. */
function genericTest(option: RuleOption): Test | undefined | 'other' {
  const value = option.values[0] ?? '';
  switch (option.name) {
    case 'source':
    case 'destination':
      return addressTest(option.name, value, option.negated);
    case 'protocol':
      return protocolTest(value, option.negated);
    case 'in-interface':
      return ({ inInterface }) => isNamed(value, inInterface) !== option.negated;
    case 'out-interface':
      return ({ outInterface }) =>
        outInterface === undefined
          ? unsure('the interface it leaves by is not known')
          : isNamed(value, outInterface) !== option.negated;
    // Only whole packets are followed.
    case 'fragment':
      return constant(option.negated);
    case 'ipv4':
    case 'ipv6':
      return constant(true);
    default:
      // Very old dumps leave out the match of the protocol's own options.
      return option.module === undefined && /^[sd]port$/.test(option.name) ? portTest(option) : 'other';
  }
}

function addressTest(name: 'source' | 'destination', text: string, negated: boolean): Test | undefined {
  const network = readMaskedAddress(text);
  if (network === undefined) return undefined;
  return ({ packet }) => isInNetwork(network, packet[name]) !== negated;
}

function protocolTest(text: string, negated: boolean): Test | undefined {
  if (text === 'all' || text === '0') return constant(true);
  const protocol = protocolNumber(text);
  return protocol === undefined ? undefined : ({ packet }) => (packet.protocol === protocol) !== negated;
}

/** A name that ends in `+` stands for all interfaces that begin with it. */
function isNamed(pattern: string, name: string): boolean {
  return pattern.endsWith('+') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

interface MatchInstance {
  readonly module: string;
  readonly options: RuleOption[];
}

/** Each `-m` with the options behind it. The same match can stand in a rule several times. */
function instancesOf(options: readonly RuleOption[]): readonly MatchInstance[] {
  const instances: MatchInstance[] = [];
  for (const option of options) {
    if (option.name === 'jump' || option.name === 'goto') break;
    if (option.name === 'match') instances.push({ module: option.values[0] ?? '', options: [] });
    else if (option.module !== undefined) instances.at(-1)?.options.push(option);
  }
  return instances;
}
