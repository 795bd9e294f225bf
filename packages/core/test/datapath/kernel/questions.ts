import type { Addresses } from './addresses.ts';
import { type Place, PORTS, type Question } from './plan.ts';
import type { Random } from './random.ts';

/** Packets from all places to all kinds of destinations. */
export function randomQuestions(
  random: Random,
  addresses: Addresses,
  places: readonly Place[],
  count: number,
): readonly Question[] {
  const destinations = [
    ...places.map(({ address }) => address),
    ...places.map(({ address }) => address),
    ...addresses.services,
    ...addresses.services,
    ...addresses.services,
    ...addresses.nobody,
    addresses.bridge(1),
    addresses.tunnel(2),
  ];
  return Array.from({ length: count }, (_, id): Question => {
    const protocol = random.pick(['udp', 'udp', 'tcp', 'tcp', 'icmp'] as const);
    const from = random.pick(places);
    const destination = random.chance(0.02) ? addresses.loopback : random.pick(destinations);
    return {
      id,
      from: from.name,
      protocol,
      destination,
      port: random.pick([80, ...PORTS]),
      isSourceOpen: protocol !== 'icmp' && (random.chance(0.2) || destination === addresses.loopback),
      ...(protocol === 'icmp' ? { size: random.pick([84, 84, 1300, 1420, 1440, 1460]) } : {}),
    };
  });
}
