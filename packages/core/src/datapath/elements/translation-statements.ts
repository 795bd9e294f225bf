import { formatAddress, type IpAddress, parseAddress } from '../../net/address.ts';
import type { Note, Rule } from '../firewall/chain.ts';
import type { RuleContext } from '../firewall/context.ts';
import { ACCEPT, DROP, type StatementResult } from '../firewall/verdict.ts';
import { type Translation, translateDestination, translateSource } from './conntrack/translate.ts';

/** `dnat`: the first packet of a connection decides; the packet itself is changed behind the hook's chains. */
export function destinationTo(wanted: Translation, context: RuleContext, note: Note): StatementResult {
  const { tracked } = context.connection;
  // xt_nat drops nothing here: an untracked packet passes by (net/netfilter/xt_nat.c).
  if (tracked === undefined) return ACCEPT;
  translateDestination(tracked, wanted, context.choices);
  note('dnat', `to ${describe(tracked.reply.source, tracked.reply.sourcePort)}`);
  return ACCEPT;
}

/** `snat` */
export function sourceTo(wanted: Translation, context: RuleContext, note: Note): StatementResult {
  const { tracked } = context.connection;
  if (tracked === undefined) return ACCEPT;
  translateSource(tracked, wanted, context.choices);
  note('snat', `to ${describe(tracked.reply.destination, tracked.reply.destinationPort)}`);
  return ACCEPT;
}

/** `masquerade`: the source becomes an address of the interface the packet leaves by (net/netfilter/nf_nat_masquerade.c). */
export function masquerade(
  wanted: Translation,
  context: RuleContext,
  note: Note,
  rule: Rule,
): StatementResult {
  const { tracked } = context.connection;
  if (tracked === undefined) return ACCEPT;
  const { outInterface, environment, packet } = context;
  const address =
    outInterface === undefined ? undefined : environment.masqueradeAddress(outInterface, packet.destination);
  if (address === null) {
    note('drop', `no address to masquerade with on ${outInterface}`);
    return DROP;
  }
  if (address === undefined) {
    context.choices.unsure(
      { ...rule.place, text: `the address to masquerade with is not known: ${rule.text}`, isMissing: true },
      1,
    );
  }
  translateSource(
    tracked,
    { ...wanted, ...(address === undefined ? {} : { first: address }) },
    context.choices,
  );
  context.packet = { ...context.packet, snat: true };
  note('masquerade', `as ${address === undefined ? 'an address that is not known' : formatAddress(address)}`);
  return ACCEPT;
}

/** `redirect`: to the node itself (net/netfilter/nf_nat_redirect.c). */
export function redirect(wanted: Translation, context: RuleContext, note: Note): StatementResult {
  const family = context.packet.destination.family;
  const loopback = parseAddress(family === 4 ? '127.0.0.1' : '::1');
  const address: IpAddress | null | undefined =
    context.hook === 'output' ? loopback : context.environment.firstAddress(context.inInterface, family);
  if (address === null || address === undefined) {
    note('drop', `no address to redirect to on ${context.inInterface}`);
    return DROP;
  }
  return destinationTo({ ...wanted, first: address }, context, note);
}

function describe(address: IpAddress, port: number | undefined): string {
  const text = formatAddress(address);
  if (port === undefined) return text;
  return address.family === 6 ? `[${text}]:${port}` : `${text}:${port}`;
}
