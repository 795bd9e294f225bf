import { PROTOCOL } from '../../../net/protocol.ts';
import type { Statement } from '../../firewall/chain.ts';
import { settle } from '../../firewall/context.ts';
import { ACCEPT, DROP, RETURN, unsure } from '../../firewall/verdict.ts';
import { isWithoutEffect } from '../iptables/targets/index.ts';
import { type Cursor, NotUnderstood } from './cursor.ts';
import { readExpression, type Scope } from './expression.ts';
import { readMatch } from './match.ts';
import { readMasquerade, readRedirect, readTranslation } from './nat.ts';

/** Reads one statement of a rule; undefined for those that change nothing. */
export function readStatement(cursor: Cursor, scope: Scope): Statement | undefined {
  const word = cursor.peek() ?? '';
  const read = STATEMENTS.get(word);
  if (read !== undefined) {
    cursor.next();
    return read(cursor, scope);
  }
  if (word.startsWith('# xt_')) return extension('match', cursor.next().slice(5));
  if (word === 'meta' && cursor.peek(2) === 'set') return readMetaSet(cursor, scope);
  if (word === 'ct' && cursor.peek(2) === 'set') return readConnectionSet(cursor, scope);
  if (word === 'ct' && cursor.peek(1) === 'count') {
    cursor.next();
    cursor.next();
    cursor.take('over');
    cursor.next();
    return open('the number of connections is not known');
  }
  return readMatch(cursor, scope);
}

type Reader = (cursor: Cursor, scope: Scope) => Statement | undefined;

const STATEMENTS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['counter', readCounter],
  ['limit', readLimit],
  ['quota', readQuota],
  ['log', readLog],
  ['last', () => undefined],
  ['accept', () => () => ACCEPT],
  ['drop', () => () => DROP],
  ['return', () => () => RETURN],
  ['continue', () => () => 'break'],
  ['jump', (cursor) => jump('jump', cursor.next())],
  ['goto', (cursor) => jump('goto', cursor.next())],
  ['reject', readReject],
  ['dnat', (cursor, scope) => readTranslation('dnat', cursor, scope)],
  ['snat', (cursor, scope) => readTranslation('snat', cursor, scope)],
  ['masquerade', readMasquerade],
  ['redirect', readRedirect],
  ['notrack', () => notrack],
  ['add', readUpdate],
  ['update', readUpdate],
  ['delete', readUpdate],
  ['flow', readFlow],
  ['xt', (cursor) => extension(cursor.next(), cursor.next())],
]);

function jump(kind: 'jump' | 'goto', chain: string): Statement {
  return () => ({ kind, chain });
}

const notrack: Statement = (context, note) => {
  if (context.connection.tracked !== undefined) return 'next';
  note('notrack');
  context.untrack();
  return 'next';
};

/** A condition that nobody can know. */
function open(reason: string): Statement {
  return (context, _note, rule) =>
    settle(context, unsure(reason), { ...rule.place, text: rule.text }) ? 'next' : 'break';
}

/** `counter`, `counter packets 5 bytes 300`, `counter name "x"` */
function readCounter(cursor: Cursor): undefined {
  if (cursor.take('name') !== undefined) cursor.next();
  else if (cursor.take('packets') !== undefined) {
    cursor.next();
    cursor.expect('bytes');
    cursor.next();
  }
}

/** `limit rate over 5/second burst 10 packets` */
function readLimit(cursor: Cursor): Statement {
  if (cursor.take('name') !== undefined) cursor.next();
  else {
    cursor.expect('rate');
    cursor.take('over');
    cursor.next();
    if (/^\w*bytes\//.test(cursor.peek() ?? '')) cursor.next();
    if (cursor.take('burst') !== undefined) {
      cursor.next();
      cursor.take('packets', 'bytes', 'kbytes', 'mbytes');
    }
  }
  return open('whether the rate is kept is not known');
}

function readQuota(cursor: Cursor): Statement {
  while (
    cursor.take('name', 'over', 'until', 'used', 'bytes', 'kbytes', 'mbytes') !== undefined ||
    isNumber(cursor)
  ) {
    if (isNumber(cursor)) cursor.next();
  }
  return open('whether the quota is used up is not known');
}

function isNumber(cursor: Cursor): boolean {
  return /^\d+$/.test(cursor.peek() ?? '');
}

const LOG_OPTIONS = ['prefix', 'level', 'group', 'snaplen', 'queue-threshold', 'flags'];

function readLog(cursor: Cursor): undefined {
  while (cursor.take(...LOG_OPTIONS) !== undefined) {
    do cursor.next();
    while (cursor.take(',') !== undefined);
    cursor.take('sequence', 'options');
  }
}

/**
 * `reject`, `reject with tcp reset`, `reject with icmp type port-unreachable`, `reject with icmpx host-unreachable`. nft does
 * not print the condition that it adds itself: TCP for a reset, the family of the packet for a type of ICMP
 * (src/evaluate.c, `stmt_evaluate_reject`).
 */
function readReject(cursor: Cursor): Statement {
  let kind: string | undefined;
  let needs: string | undefined;
  if (cursor.take('with') !== undefined) {
    needs = cursor.next();
    cursor.take('type');
    kind = `${needs === 'icmpv6' ? 'icmp6' : needs === 'icmpx' ? 'icmp' : needs}-${cursor.next()}`;
  }
  return ({ packet: { protocol, destination } }) => {
    if (needs === 'tcp' && protocol !== PROTOCOL.tcp) return 'break';
    if (needs === (destination.family === 4 ? 'icmpv6' : 'icmp')) return 'break';
    return {
      kind: 'reject',
      with: kind ?? (destination.family === 4 ? 'icmp-port-unreachable' : 'icmp6-port-unreachable'),
    };
  };
}

/** Sets of addresses seen so far: what later packets find there does not matter for this one. */
function readUpdate(cursor: Cursor): undefined {
  if (!cursor.next().startsWith('@')) throw new NotUnderstood('expected a set');
  cursor.block();
}

/** A flowtable takes established connections past the hooks; where they go stays the same. */
function readFlow(cursor: Cursor): undefined {
  cursor.next();
  cursor.next();
}

/** An iptables extension that nft has no words for. */
function extension(kind: string, name: string): Statement | undefined {
  if (kind === 'match') return name === 'comment' ? undefined : open(`match ${name} is not shown`);
  if (isWithoutEffect(name)) return undefined;
  throw new NotUnderstood(`target ${name} is not shown`);
}

/** `meta mark set …`; the other keys do not change where the packet goes. */
function readMetaSet(cursor: Cursor, scope: Scope): Statement | undefined {
  cursor.next();
  const key = cursor.next();
  cursor.next();
  const value = readExpression(cursor, scope);
  if (key !== 'mark') return undefined;
  return (context, note, rule) => {
    const [mark] = value.read(context);
    // What a packet does not have ends the rule (net/netfilter/nft_ct.c, `NFT_BREAK`).
    if (mark?.kind === 'absent') return 'break';
    if (mark?.kind !== 'number') {
      const point = { ...rule.place, text: `the mark is not known: ${rule.text}`, isMissing: false };
      const outcomes = ['next', ACCEPT, DROP] as const;
      return outcomes[context.choices.unsure(point, outcomes.length)] ?? 'next';
    }
    context.packet = { ...context.packet, mark: mark.number };
    note('mark', `0x${mark.number.toString(16)}`);
    return 'next';
  };
}

/** `ct mark set …`; helpers, labels and events change nothing here. */
function readConnectionSet(cursor: Cursor, scope: Scope): Statement | undefined {
  cursor.next();
  const key = cursor.next();
  cursor.next();
  if (key === 'helper' || key === 'event' || key === 'label' || key === 'timeout') {
    do cursor.next();
    while (cursor.take(',') !== undefined);
    return undefined;
  }
  if (key !== 'mark') throw new NotUnderstood(`ct ${key} is not modelled`);
  const value = readExpression(cursor, scope);
  return (context) => {
    const [mark] = value.read(context);
    if (mark?.kind === 'absent') return 'break';
    if (mark?.kind === 'number' && context.connection.tracked !== undefined) {
      context.connection.tracked.mark = mark.number;
    }
    return 'next';
  };
}
