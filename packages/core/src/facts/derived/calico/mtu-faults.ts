import type { Link } from '../../../parsers/ip-link/index.ts';
import { ipLinkProbe } from '../../../probes/network.ts';
import { type FactDefinition, from, known, type Origin, unknown } from '../../fact.ts';
import { at } from '../../reader.ts';
import { encapsulation } from './encapsulation.ts';
import { vxlanParent } from './vxlan-parent.ts';

interface Found {
  readonly text: string;
  readonly origins: readonly Origin[];
}

/** Bytes that the outer headers of IPv4 tunnels take. */
const OVERHEAD: Readonly<Record<string, number>> = { 'vxlan.calico': 50, tunl0: 20 };

/**
 * Devices whose packets are larger than what carries them: a pod's interface above its tunnel, a tunnel above the card
 * minus its headers. Only tunnels that are in use count.
 */
export const mtuFaults: FactDefinition<readonly string[]> = {
  id: 'calico.mtu-faults',
  title: 'MTUs that do not fit into each other',
  level: 'node',
  format: (list) => list.join('; ') || 'none',
  compute(read) {
    const probe = read.probe(ipLinkProbe);
    if (probe.state === 'missing') return unknown(probe.missing);
    const ways = read.fact(encapsulation);
    if (ways.state === 'unknown') return ways;
    const tunnel = ways.value.includes('vxlan')
      ? 'vxlan.calico'
      : ways.value.includes('ipip')
        ? 'tunl0'
        : undefined;
    if (tunnel === undefined) return known([], from(encapsulation));
    const place = (link: Link) => at(probe.file, link);
    const own = probe.value.find(({ name }) => name === tunnel);
    if (own?.mtu === undefined) {
      return unknown({ fact: `MTU of ${tunnel}`, command: `ip -d link show ${tunnel}`, where: 'node' });
    }
    const parent = read.fact(vxlanParent);
    const card = parent.state === 'known' ? probe.value.find(({ name }) => name === parent.value) : undefined;
    const found = [...podFaults(probe.value, own, place), ...cardFaults(own, card, place)];
    if (found.length === 0 && (card === undefined || !probe.complete)) {
      return unknown({
        fact: 'MTU of the card that carries the tunnel',
        command: 'ip -d link',
        where: 'node',
      });
    }
    return known(
      found.slice(0, 5).map(({ text }) => text),
      ...found.slice(0, 3).flatMap(({ origins }) => origins),
      ...(found.length === 0 ? [place(own)] : []),
      from(encapsulation),
    );
  },
};

function podFaults(links: readonly Link[], tunnel: Link, place: (link: Link) => Origin): readonly Found[] {
  return links
    .filter(({ name, mtu }) => /^cali[0-9a-f]{11}$/.test(name) && (mtu ?? 0) > (tunnel.mtu ?? 0))
    .map((link) => ({
      text: `${link.name} has ${link.mtu}, ${tunnel.name} only ${tunnel.mtu}`,
      origins: [place(link), place(tunnel)],
    }));
}

function cardFaults(tunnel: Link, card: Link | undefined, place: (link: Link) => Origin): readonly Found[] {
  const overhead = OVERHEAD[tunnel.name] ?? 0;
  if (card?.mtu === undefined || tunnel.mtu === undefined || tunnel.mtu + overhead <= card.mtu) return [];
  const text = `${tunnel.name} has ${tunnel.mtu} and adds ${overhead}, ${card.name} takes ${card.mtu}`;
  return [{ text, origins: [place(tunnel), place(card)] }];
}
