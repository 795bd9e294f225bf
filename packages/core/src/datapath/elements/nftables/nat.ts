import { parseNumberRange } from '../../../net/number-range.ts';
import type { Statement } from '../../firewall/chain.ts';
import { ACCEPT, DROP } from '../../firewall/verdict.ts';
import { readTranslation as readAddressAndPort, type Translation } from '../conntrack/translate.ts';
import { destinationTo, masquerade, redirect, sourceTo } from '../translation-statements.ts';
import { type Cursor, NotUnderstood } from './cursor.ts';
import { type Expression, readExpression, type Scope } from './expression.ts';
import type { Value } from './value.ts';

const FLAGS = ['random', 'fully-random', 'persistent'];

/** Reads what follows `dnat` or `snat`: `to 10.0.0.1:80`, `ip to ip daddr . th dport map @backends`. */
export function readTranslation(kind: 'dnat' | 'snat', cursor: Cursor, scope: Scope): Statement {
  const apply = kind === 'dnat' ? destinationTo : sourceTo;
  cursor.take('ip', 'ip6');
  if (cursor.take('prefix') !== undefined) throw new NotUnderstood('translation of prefixes is not modelled');
  if (cursor.take('addr') !== undefined) {
    cursor.expect('.');
    cursor.expect('port');
  }
  cursor.expect('to');
  const fixed = readAddressAndPort(cursor.peek() ?? '');
  const isFixed = fixed !== undefined && !['map', '.', '&', '|'].includes(cursor.peek(1) ?? '');
  if (isFixed) {
    cursor.next();
    const wanted = { ...fixed, ...readFlags(cursor) };
    return (context, note) => apply(wanted, context, note);
  }
  const target = readExpression(cursor, scope);
  const ports = readPorts(cursor);
  return fromExpression(target, { ...ports, ...readFlags(cursor) }, apply);
}

function fromExpression(target: Expression, fixed: Translation, apply: typeof destinationTo): Statement {
  return (context, note, rule) => {
    const values = target.read(context);
    if (values.some(({ kind }) => kind === 'absent')) return 'break';
    const wanted = translationOf(values);
    if (wanted !== undefined) return apply({ ...wanted, ...fixed }, context, note);
    const point = { ...rule.place, text: `the address is not known: ${rule.text}`, isMissing: false };
    const outcomes = ['break', ACCEPT, DROP] as const;
    return outcomes[context.choices.unsure(point, outcomes.length)] ?? 'break';
  };
}

function translationOf(values: readonly Value[]): Translation | undefined {
  const [first, second] = values;
  if (first?.kind === 'number' && second === undefined)
    return { ports: { first: first.number, last: first.number } };
  if (first?.kind !== 'address') return undefined;
  if (second === undefined) return { first: first.address };
  if (second.kind !== 'number') return undefined;
  return { first: first.address, ports: { first: second.number, last: second.number } };
}

/** Reads what follows `masquerade`: `to :1024-65535 fully-random`. */
export function readMasquerade(cursor: Cursor): Statement {
  const wanted = readPortsAndFlags(cursor);
  return (...context) => masquerade(wanted, ...context);
}

/** Reads what follows `redirect`: `to :8080`. */
export function readRedirect(cursor: Cursor): Statement {
  const wanted = readPortsAndFlags(cursor);
  return (context, note) => redirect(wanted, context, note);
}

function readPortsAndFlags(cursor: Cursor): Translation {
  const isTo = cursor.take('to') !== undefined;
  const ports = isTo ? readPorts(cursor) : {};
  if (isTo && ports.ports === undefined) throw new NotUnderstood('expected a port');
  return { ...ports, ...readFlags(cursor) };
}

/** `:80`, `:8000-8010` */
function readPorts(cursor: Cursor): Pick<Translation, 'ports'> {
  const text = cursor.peek() ?? '';
  if (!text.startsWith(':')) return {};
  const ports = parseNumberRange(text.slice(1));
  if (ports === undefined) throw new NotUnderstood('expected a port');
  cursor.next();
  return { ports };
}

function readFlags(cursor: Cursor): Pick<Translation, 'randomPort'> {
  let isRandom = false;
  for (let flag = cursor.take(...FLAGS); flag !== undefined; flag = cursor.take(...FLAGS)) {
    isRandom ||= flag !== 'persistent';
    cursor.take(',');
  }
  return isRandom ? { randomPort: true } : {};
}
