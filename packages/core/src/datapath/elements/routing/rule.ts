import type { Evidence } from '../../../model/evidence.ts';
import type { IpAddress } from '../../../net/address.ts';
import { parseNumberRange, rangeContains } from '../../../net/number-range.ts';
import { parsePrefix, prefixContains } from '../../../net/prefix.ts';
import { hasPorts, protocolNumber } from '../../../net/protocol.ts';
import type { PolicyRule } from '../../../parsers/ip-rule/index.ts';
import type { Choices } from '../../choices/choices.ts';
import type { RouteKey } from './lookup.ts';

/** A policy rule with the place it was read at; the rules that every namespace starts with have none. */
export type PlacedRule = PolicyRule & { readonly place?: Evidence };

/**
 * Whether a policy rule holds for a packet: `fib_rule_match` (net/core/fib_rules.c), `fib4_rule_match` (net/ipv4/fib_rules.c).
 * What can not be known is tried both ways.
 */
export function ruleMatches(rule: PlacedRule, key: RouteKey, choices: Choices | undefined): boolean {
  const parts = [
    isWithin(rule.from, key.source),
    isWithin(rule.to, key.destination),
    rule.fwmark === undefined || ((key.mark ^ rule.fwmark) & (rule.fwmask ?? 0xffffffff)) === 0,
    rule.iif === undefined || rule.iif === key.inInterface,
    // Only sockets that are bound to a device ask for one.
    rule.oif === undefined,
    rule.ipProtocol === undefined || protocolNumber(rule.ipProtocol) === key.protocol,
    // A table of a VRF is only for its own interfaces, which are not walked; TOS 0 is what packets here have.
    !rule.extra.some((selector) => selector === 'l3mdev' || /^(?:tos|dsfield|dscp) /.test(selector)),
    isPortWithin(rule.sourcePorts, key.sourcePort, key),
    isPortWithin(rule.destinationPorts, key.destinationPort, key),
  ];
  if (parts.includes(false)) return rule.invert;
  const open = rule.extra.filter((selector) => !SETTLED.test(selector));
  if (parts.includes(undefined)) open.push('ports that the question does not name');
  if (open.length === 0) return !rule.invert;
  // Where nothing is tried the rule does not hold, which is what is expected otherwise too.
  if (choices === undefined || rule.place === undefined) return false;
  const text = `selector of a policy rule is not modelled: ${open.join(', ')}`;
  return choices.unsure({ ...rule.place, text, isMissing: false }, 2) === 1;
}

/** What stands beside the selectors and is looked at elsewhere, or changes nothing. */
const SETTLED = /^(?:l3mdev|realms|unresolved|suppress_ifgroup|tos|dsfield|dscp)\b/;

/** A source that is not chosen yet counts as 0.0.0.0, which no selector but `all` holds. */
export function isWithin(selector: string | undefined, address: IpAddress | undefined): boolean {
  if (selector === undefined) return true;
  const prefix = parsePrefix(selector);
  if (prefix === undefined) return false;
  return address === undefined ? prefix.length === 0 : prefixContains(prefix, address);
}

/** Undefined where the port is not known. */
function isPortWithin(
  ports: string | undefined,
  port: number | undefined,
  key: RouteKey,
): boolean | undefined {
  if (ports === undefined) return true;
  const range = parseNumberRange(ports);
  if (range === undefined || (key.protocol !== undefined && !hasPorts(key.protocol))) return false;
  return port === undefined && key.protocol !== undefined
    ? undefined
    : port !== undefined && rangeContains(range, port);
}
