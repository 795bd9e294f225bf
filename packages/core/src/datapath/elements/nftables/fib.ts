import type { RuleContext } from '../../firewall/context.ts';
import { type Cursor, NotUnderstood } from './cursor.ts';
import type { Field } from './fields.ts';
import { NAME, type Value } from './value.ts';

const FLAGS: ReadonlySet<string> = new Set(['saddr', 'daddr', 'mark', 'iif', 'oif']);
const UNKNOWN: Value = { kind: 'unsure', reason: 'addresses and routes are not known' };

/** Value of `fib … oif` where no route, or none by the interface asked for, leads there. */
export const NO_DEVICE: Value = { kind: 'name', name: '' };

/** Reads what follows `fib`: `daddr type`, `saddr . mark . iif oif` (net/ipv4/netfilter/nft_fib_ipv4.c). */
export function readFib(cursor: Cursor): Field {
  const flags = new Set<string>();
  for (let flag = cursor.next(); ; flag = cursor.next()) {
    if (!FLAGS.has(flag)) throw new NotUnderstood(`fib ${flag} is not modelled`);
    flags.add(flag);
    if (cursor.take('.') === undefined) break;
  }
  const result = cursor.next();
  if (result === 'type') return { type: NAME, read: (context) => typeOf(context, flags) };
  if (result === 'oif' || result === 'oifname')
    return { type: NAME, read: (context) => deviceOf(context, flags) };
  throw new NotUnderstood(`fib ${result} is not modelled`);
}

function typeOf(context: RuleContext, flags: ReadonlySet<string>): Value {
  const address = flags.has('saddr') ? context.packet.source : context.packet.destination;
  const device = flags.has('iif') ? context.inInterface : flags.has('oif') ? context.outInterface : '';
  if (device === undefined) return UNKNOWN;
  const type = context.environment.addressType(address, device === '' ? undefined : device);
  return type === undefined ? UNKNOWN : { kind: 'name', name: type };
}

function deviceOf(context: RuleContext, flags: ReadonlySet<string>): Value {
  if (flags.has('saddr') && context.inInterface === 'lo') return { kind: 'name', name: 'lo' };
  const address = flags.has('saddr') ? context.packet.source : context.packet.destination;
  const mark = flags.has('mark') ? context.packet.mark : 0;
  const near = context.inInterface === '' ? context.outInterface : context.inInterface;
  const devices = context.environment.devicesTo(address, mark, near);
  if (devices === undefined) return UNKNOWN;
  if (flags.has('iif')) {
    return devices.includes(context.inInterface) ? { kind: 'name', name: context.inInterface } : NO_DEVICE;
  }
  const [device] = devices;
  return device === undefined ? NO_DEVICE : { kind: 'name', name: device };
}
