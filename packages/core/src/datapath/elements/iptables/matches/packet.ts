import { parseNumberRange, rangeContains } from '../../../../net/number-range.ts';
import { PROTOCOL } from '../../../../net/protocol.ts';
import { arrivalOf } from '../../../firewall/context.ts';
import { unsure } from '../../../firewall/verdict.ts';
import { icmpTypeNumber } from '../../icmp-types.ts';
import { constant, type Match, matchByOption } from '../match.ts';

/** `-m comment`: no condition at all. */
export const comment: Match = matchByOption(['comment'], () => constant(true));

/** `-m icmp`, `-m icmp6` (net/ipv4/netfilter/ip_tables.c, icmp_match). */
export const icmp: Match = matchByOption(['icmp', 'icmp6', 'icmpv6', 'ipv6-icmp'], (option) => {
  if (option.name !== 'icmp-type' && option.name !== 'icmpv6-type') return undefined;
  const value = option.values[0] ?? '';
  if (value === 'any' || value === '255') return constant(!option.negated);
  const protocol = option.name === 'icmp-type' ? PROTOCOL.icmp : PROTOCOL.icmpv6;
  const [name = '', code] = value.split('/');
  const type = icmpTypeNumber(name, protocol);
  if (type === undefined) return undefined;
  return ({ packet }) => {
    if (packet.protocol !== protocol) return false;
    const isEqual = packet.icmpType === type && (code === undefined || code === '0');
    return isEqual !== option.negated;
  };
});

/** `-m length` (net/netfilter/xt_length.c). */
export const length: Match = matchByOption(['length'], (option) => {
  const range = parseNumberRange(option.values[0] ?? '');
  return range === undefined
    ? undefined
    : ({ packet }) => rangeContains(range, packet.size) !== option.negated;
});

/** `-m ttl`, `-m hl` (net/netfilter/xt_hl.c). */
export const ttl: Match = matchByOption(['ttl', 'hl'], (option) => {
  const value = Number(option.values[0]);
  if (!Number.isInteger(value)) return undefined;
  const kind = /^(?:ttl|hl)-(eq|lt|gt)$/.exec(option.name)?.[1];
  if (kind === 'lt') return ({ packet }) => packet.ttl < value;
  if (kind === 'gt') return ({ packet }) => packet.ttl > value;
  return kind === 'eq' ? ({ packet }) => (packet.ttl === value) !== option.negated : undefined;
});

/** `-m pkttype` (net/netfilter/xt_pkttype.c). */
export const pkttype: Match = matchByOption(['pkttype'], (option) => (context) => {
  const type = arrivalOf(context);
  return (option.values[0] === (type === 'host' ? 'unicast' : type)) !== option.negated;
});

/** `-m physdev` (net/netfilter/xt_physdev.c): ports of a bridge, of bridged packets only. */
export const physdev: Match = matchByOption(['physdev'], (option) => {
  const name = option.values[0] ?? '';
  const isNamed = (port: string): boolean =>
    port !== '' && (name.endsWith('+') ? port.startsWith(name.slice(0, -1)) : port === name);
  switch (option.name) {
    case 'physdev-in':
      return ({ physicalIn }) => isNamed(physicalIn) !== option.negated;
    case 'physdev-out':
      return ({ physicalOut }) => isNamed(physicalOut) !== option.negated;
    case 'physdev-is-in':
      return ({ physicalIn }) => (physicalIn !== '') !== option.negated;
    case 'physdev-is-out':
      return ({ physicalOut }) => (physicalOut !== '') !== option.negated;
    case 'physdev-is-bridged':
      return ({ physicalIn, physicalOut }) => (physicalIn !== '' && physicalOut !== '') !== option.negated;
    default:
      return undefined;
  }
});

/** `-m owner` (net/netfilter/xt_owner.c): only packets of a socket of this host have an owner. */
export const owner: Match = matchByOption(['owner'], (option) => ({ hook, inInterface }) => {
  const isFromHere = hook === 'output' || (hook === 'postrouting' && inInterface === '');
  return isFromHere ? unsure('the process that sends is not known') : option.negated;
});
