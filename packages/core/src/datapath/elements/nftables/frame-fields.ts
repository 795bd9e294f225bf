import type { RuleContext } from '../../firewall/context.ts';
import { type Cursor, NotUnderstood } from './cursor.ts';
import type { Field } from './fields.ts';
import { ABSENT, ADDRESS, NAME, NUMBER, numberValue, type Value } from './value.ts';

/** Ethernet, and IPv4 over it, as ARP numbers them (`ARPHRD_ETHER`; RFC 826). */
const ARP_NUMBERS: Readonly<Record<string, number>> = { htype: 1, hlen: 6, plen: 4 };

/** Reads what follows `ether` or `arp`. */
export function readFrameField(cursor: Cursor): Field {
  const header = cursor.next();
  const name = cursor.next();
  const field = header === 'arp' ? arpField(name, cursor) : name === 'type' ? etherType : undefined;
  if (field === undefined) throw new NotUnderstood(`${header} ${name} is not modelled`);
  return field;
}

const ofArp =
  (read: (context: RuleContext, arp: 'request' | 'reply') => Value) =>
  (context: RuleContext): Value =>
    context.packet.arp === undefined ? ABSENT : read(context, context.packet.arp);

function arpField(name: string, cursor: Cursor): Field | undefined {
  const number = ARP_NUMBERS[name];
  if (number !== undefined) return { type: NUMBER, read: ofArp(() => numberValue(number)) };
  switch (name) {
    case 'operation':
      return { type: NAME, read: ofArp((_, arp) => ({ kind: 'name', name: arp })) };
    case 'ptype':
      return { type: NAME, read: ofArp(() => ({ kind: 'name', name: 'ip' })) };
    case 'saddr':
    case 'daddr':
      return cursor.next() === 'ip' ? addressField(name) : undefined;
    default:
      return undefined;
  }
}

function addressField(name: 'saddr' | 'daddr'): Field {
  return {
    type: ADDRESS,
    read: ofArp(({ packet }) => ({
      kind: 'address',
      address: name === 'saddr' ? packet.source : packet.destination,
    })),
  };
}

/** Where IP has its hooks, what stands before the packet is not always there. */
const etherType: Field = {
  type: NAME,
  read(context) {
    const { hook } = context;
    return hook === 'ingress' || hook === 'egress' || hook.startsWith('bridge ')
      ? { kind: 'name', name: frameType(context) }
      : { kind: 'unsure', reason: 'what stands before the packet is not known' };
  },
};

/** What a frame carries, as nft names it. */
export function frameType({ packet }: RuleContext): 'arp' | 'ip' | 'ip6' {
  if (packet.arp !== undefined) return 'arp';
  return packet.destination.family === 4 ? 'ip' : 'ip6';
}
