import { type Family, familyOf, toMark } from '../iproute2/address.ts';
import type { Draft } from '../iproute2/defined.ts';
import { Words } from '../iproute2/words.ts';
import { toCount } from '../tool-output/index.ts';
import { PLAIN_ACTIONS, type PolicyRule, WHOLE_MARK } from './rule.ts';

/** Selectors and settings with one value that go to `extra` as they are. */
const EXTRAS = new Set([
  'tos',
  'dsfield',
  'dscp',
  'flowlabel',
  'uidrange',
  'tun_id',
  'suppress_ifgroup',
  'realms',
]);

interface RuleDraft extends Omit<Draft<PolicyRule>, 'action' | 'extra'> {
  action?: PolicyRule['action'];
  extra: string[];
}

/** Reads one attribute; false when its value is missing or not understood. */
type Reader = (rule: RuleDraft, value: string, words: Words) => boolean;

const READERS: Readonly<Record<string, Reader>> = {
  from: (rule, value) => readPrefix(value, (prefix) => (rule.from = prefix)),
  to: (rule, value) => readPrefix(value, (prefix) => (rule.to = prefix)),
  fwmark: readMark,
  iif: (rule, value, words) => {
    rule.iif = value;
    if (words.take('[detached]') !== undefined) rule.extra.push('iif detached');
    return true;
  },
  oif: (rule, value, words) => {
    rule.oif = value;
    if (words.take('[detached]') !== undefined) rule.extra.push('oif detached');
    return true;
  },
  ipproto: (rule, value) => {
    rule.ipProtocol = value;
    return true;
  },
  sport: (rule, value) => {
    rule.sourcePorts = value;
    return true;
  },
  dport: (rule, value) => {
    rule.destinationPorts = value;
    return true;
  },
  lookup: (rule, value) => {
    rule.action = 'lookup';
    if (value === '[l3mdev-table]') rule.extra.push('l3mdev');
    else rule.table = value;
    return true;
  },
  suppress_prefixlength: (rule, value) => {
    const length = toCount(value);
    if (length !== undefined) rule.suppressPrefixLength = length;
    return length !== undefined;
  },
  goto: (rule, value, words) => {
    const target = toCount(value);
    if (target === undefined) return false;
    rule.action = 'goto';
    rule.goto = target;
    if (words.take('[unresolved]') !== undefined) rule.extra.push('unresolved');
    return true;
  },
  proto: (rule, value) => {
    rule.protocol = value;
    return true;
  },
};

/** The rule of one line, or why there is none: a rule read only in part would match other packets than it does. */
export function readRule(text: string, line: number, family: Family | undefined): PolicyRule | string {
  const [, number, rest] = /^(\d{1,10}):\s+(.*)$/.exec(text) ?? [];
  if (number === undefined || rest === undefined)
    return 'expected a rule, as in "32766: from all lookup main"';
  const words = new Words(rest);
  const invert = words.take('not') !== undefined;
  const rule: RuleDraft = { line, family: 4, priority: Number(number), invert, extra: [] };
  for (let word = words.next(); word !== undefined; word = words.next()) {
    if (!readWord(rule, word, words)) return `unknown word "${word.slice(0, 40)}" in a rule`;
  }
  const { action, ...fields } = rule;
  if (action === undefined) return 'rule without an action';
  return { ...fields, action, family: familyOf(rule.from) ?? familyOf(rule.to) ?? family ?? 4 };
}

function readWord(rule: RuleDraft, word: string, words: Words): boolean {
  const action = PLAIN_ACTIONS.find((name) => name === word);
  if (action !== undefined) {
    rule.action = action;
    return true;
  }
  const reader = Object.hasOwn(READERS, word) ? READERS[word] : undefined;
  if (reader === undefined && !EXTRAS.has(word)) return false;
  const value = words.next();
  if (value === undefined) return false;
  if (reader !== undefined) return reader(rule, value, words);
  rule.extra.push(`${word === 'dsfield' ? 'tos' : word} ${value}`);
  return true;
}

function readPrefix(value: string, set: (prefix: string) => void): boolean {
  if (value === 'all') return true;
  if (familyOf(value) === undefined) return false;
  set(value);
  return true;
}

function readMark(rule: RuleDraft, value: string): boolean {
  const slash = value.indexOf('/');
  const mark = toMark(slash < 0 ? value : value.slice(0, slash));
  const mask = slash < 0 ? WHOLE_MARK : toMark(value.slice(slash + 1));
  if (mark === undefined || mask === undefined) return false;
  rule.fwmark = mark;
  rule.fwmask = mask;
  return true;
}
