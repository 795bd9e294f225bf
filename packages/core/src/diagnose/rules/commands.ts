import { ADVERTISEMENT, isNeighbourDiscovery, SOLICITATION } from '../../datapath/elements/icmp-types.ts';
import type { Packet } from '../../datapath/model/packet.ts';
import { formatAddress } from '../../net/address.ts';
import type { StoredRule } from './stored-rule.ts';

/**
 * The command that takes a rule away, or lets the packet pass before a chain's policy drops it. Undefined for rules that
 * look up the verdict in a map, as they are there for other packets too.
 */
export function commandAgainst(stored: StoredRule, packet: Packet): string | undefined {
  if (stored.rule === undefined) return acceptBeforePolicy(stored, packet);
  if (/\bvmap\b/.test(stored.rule.text)) return undefined;
  return stored.kind === 'iptables' ? deleteIptablesRule(stored) : deleteNftRule(stored);
}

/** By its words, as often as it stands in the chain; by number where a shell would read the words otherwise. */
function deleteIptablesRule({ dump, table, chain, rule }: Extract<StoredRule, { kind: 'iptables' }>): string {
  const text = rule?.text ?? '';
  const own = `${dump.command} -t ${table} -D ${chain.name}`;
  if (/[`$\\]/.test(text) || rule?.isPartlyShown === true) return `${own} ${positionOf(rule, chain.rules)}`;
  const times = chain.rules.filter((one) => one.text === text).length;
  return Array.from({ length: times }, () => `${own} ${text}`).join('\n');
}

/** Counted from 1. */
function positionOf<T>(rule: T | undefined, rules: readonly T[]): number {
  return rules.findIndex((one) => Object.is(one, rule)) + 1;
}

function deleteNftRule(stored: Extract<StoredRule, { kind: 'nftables' }>): string {
  const { table, chain, rule } = stored;
  const handle = nftHandle(stored, positionOf(rule, chain.rules) - 1);
  return `nft delete rule ${table.family} ${table.name} ${chain.name} handle ${handle}`;
}

/**
 * The handle of a rule of a chain by its index, or a command that finds it: plain listings do not show handles, and the one
 * that does prints the rules in the same order.
 */
export function nftHandle(
  { table, chain }: Extract<StoredRule, { kind: 'nftables' }>,
  index: number,
): number | string {
  const own = `${table.family} ${table.name} ${chain.name}`;
  return (
    chain.rules[index]?.handle ??
    `$(nft -a list chain ${own} | grep -v '{ # handle' | sed -n 's/.*# handle //p' | sed -n ${index + 1}p)`
  );
}

/** Answers pass the hook FORWARD too, so both directions are let through there. */
function acceptBeforePolicy(stored: StoredRule, packet: Packet): string {
  if (packet.arp !== undefined || isNeighbourDiscovery(packet)) return acceptDiscovery(stored, packet);
  const { source, destination } = packet;
  const ends = [formatAddress(source), formatAddress(destination)] as const;
  const isForward =
    stored.kind === 'iptables' ? stored.chain.name === 'FORWARD' : stored.chain.hook === 'forward';
  const directions = isForward ? [ends, [ends[1], ends[0]] as const] : [ends];
  return directions
    .map(([from, to]) => {
      if (stored.kind === 'iptables') {
        const { dump, table, chain } = stored;
        return `${dump.command} -t ${table} -A ${chain.name} -s ${from} -d ${to} -j ACCEPT`;
      }
      const family = source.family === 6 ? 'ip6' : 'ip';
      const { table, chain } = stored;
      return `nft add rule ${table.family} ${table.name} ${chain.name} ${family} saddr ${from} ${family} daddr ${to} accept`;
    })
    .join('\n');
}

/** Every neighbour asks and answers, so all of it is let through. */
function acceptDiscovery(stored: StoredRule, { arp }: Packet): string {
  if (stored.kind === 'nftables') {
    const { table, chain } = stored;
    const messages =
      arp === undefined
        ? "icmpv6 type '{ nd-neighbor-solicit, nd-neighbor-advert }'"
        : "arp operation '{ request, reply }'";
    return `nft add rule ${table.family} ${table.name} ${chain.name} ${messages} accept`;
  }
  const { dump, table, chain } = stored;
  return [SOLICITATION, ADVERTISEMENT]
    .map(
      (type) =>
        `${dump.command} -t ${table} -A ${chain.name} -p ipv6-icmp -m icmp6 --icmpv6-type ${type} -j ACCEPT`,
    )
    .join('\n');
}
