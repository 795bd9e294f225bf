import type { Flow } from '../../../net/flow.ts';
import { PROTOCOL } from '../../../net/protocol.ts';
import type { Choices } from '../../choices/choices.ts';
import { translateDestination, translateSource } from '../conntrack/translate.ts';
import type { CtAction } from './ct-action.ts';
import type { FieldValues } from './field-values.ts';
import { CT_STATE, ETH_TYPE } from './match.ts';
import { applySet } from './set.ts';
import { ZoneConnection, type Zones } from './zones.ts';

/** The connection of a packet in the zone it was last looked up in. */
export interface Tracked {
  readonly zone: bigint;
  /** Undefined for a packet that fits no connection and can not open one. */
  readonly entry: ZoneConnection | undefined;
  readonly direction: 'original' | 'reply';
}

/** What tracking needs to know. */
export interface TrackingContext {
  readonly zones: Zones;
  readonly choices: Choices;
  readonly isReply: boolean;
}

/**
 * Looks up, translates and keeps the connection of a packet, as `ct` does (net/openvswitch/conntrack.c, `ovs_ct_execute`).
 * A zone it was looked up in before is not looked up again (`skb_nfct_cached`). Undefined where the packet is none of IP, or
 * something unknown would be written into the connection.
 */
export function track(
  action: CtAction,
  zone: bigint,
  values: FieldValues,
  before: Tracked | undefined,
  context: TrackingContext,
): Tracked | undefined {
  const flow = flowOf(values);
  if (flow === undefined) return undefined;
  const tracked = before?.zone === zone ? before : find(zone, flow, context);
  const { entry, direction } = tracked;
  if (entry !== undefined) {
    if (action.nat !== undefined) translate(action, tracked, values, context.choices);
    if (action.commit) {
      if (!write(action, entry, values)) return undefined;
      context.zones.commit(zone, entry);
    }
  }
  show(values, { zone, entry, direction });
  return tracked;
}

function find(zone: bigint, flow: Flow, { zones, isReply }: TrackingContext): Tracked {
  const found = zones.find(zone, flow);
  if (found !== undefined) return { zone, ...found };
  // Neither a SYN,ACK nor an echo reply opens a connection (nf_conntrack_proto_tcp.c `tcp_new`, nf_conntrack_proto_icmp.c).
  const canOpen = !isReply || flow.protocol === PROTOCOL.udp || flow.protocol === PROTOCOL.sctp;
  return { zone, entry: canOpen ? new ZoneConnection(flow) : undefined, direction: 'original' };
}

/** `ovs_ct_nat`: a connection that is kept already keeps its translation, and one that is not gets it when it is kept. */
function translate(
  { nat, commit }: CtAction,
  { entry, direction }: Tracked,
  values: FieldValues,
  choices: Choices,
): void {
  if (entry === undefined) return;
  const { connection, isCommitted } = entry;
  if (commit && !isCommitted && direction === 'original') {
    if (nat?.destination !== undefined) translateDestination(connection, nat.destination, choices);
    if (nat?.source !== undefined) translateSource(connection, nat.source, choices);
  }
  const other = direction === 'original' ? connection.reply : connection.original;
  const [source, destination] = addressFields(other);
  values.set(source, other.destination.bits);
  values.set(destination, other.source.bits);
  if (other.protocol === PROTOCOL.icmp || other.protocol === PROTOCOL.icmpv6) return;
  values.set('tp_src', portOf(other.destinationPort));
  values.set('tp_dst', portOf(other.sourcePort));
}

function portOf(port: number | undefined): bigint | undefined {
  return port === undefined ? undefined : BigInt(port);
}

/** `exec(…)`: its fields are those of the connection, what it copies from are those of the packet. False where that is unknown. */
function write({ exec }: CtAction, entry: ZoneConnection, values: FieldValues): boolean {
  const written = values.copy();
  written.set('ct_mark', BigInt(entry.connection.mark));
  written.set('ct_label', entry.label);
  for (const set of exec) applySet(set, written);
  const mark = written.get('ct_mark');
  const label = written.get('ct_label');
  if (mark === undefined || label === undefined) return false;
  entry.connection.mark = Number(mark);
  entry.label = label;
  return true;
}

/** What flows see of the connection (`ovs_ct_update_key`, `ovs_ct_get_state`). */
function show(values: FieldValues, { zone, entry, direction }: Tracked): void {
  const connection = entry?.connection;
  values.set('ct_zone', zone);
  values.set('ct_mark', BigInt(connection?.mark ?? 0));
  values.set('ct_label', entry?.label ?? 0n);
  values.set('ct_state', CT_STATE.trk | (entry === undefined ? CT_STATE.inv : stateOf(entry, direction)));
  if (connection === undefined) return;
  const { original } = connection;
  const [source, destination] = addressFields(original);
  values.set(`ct_${source}`, original.source.bits);
  values.set(`ct_${destination}`, original.destination.bits);
  values.set('ct_nw_proto', BigInt(original.protocol));
  values.set('ct_tp_src', portOf(original.sourcePort));
  values.set('ct_tp_dst', portOf(original.destinationPort));
}

function stateOf({ connection, isCommitted }: ZoneConnection, direction: 'original' | 'reply'): bigint {
  const isAnswered = isCommitted && (connection.isEstablished || direction === 'reply');
  return (
    (isAnswered ? CT_STATE.est : CT_STATE.new) |
    (direction === 'reply' ? CT_STATE.rpl : 0n) |
    (connection.hasSourceTranslated() ? CT_STATE.snat : 0n) |
    (connection.hasDestinationTranslated() ? CT_STATE.dnat : 0n)
  );
}

function addressFields({ source }: Flow): readonly [string, string] {
  return source.family === 4 ? ['nw_src', 'nw_dst'] : ['ipv6_src', 'ipv6_dst'];
}

function flowOf(values: FieldValues): Flow | undefined {
  const type = values.get('eth_type');
  const family = type === ETH_TYPE.ipv4 ? 4 : type === ETH_TYPE.ipv6 ? 6 : undefined;
  if (family === undefined) return undefined;
  const [sourceField, destinationField] = family === 4 ? ['nw_src', 'nw_dst'] : ['ipv6_src', 'ipv6_dst'];
  const source = values.get(sourceField);
  const destination = values.get(destinationField);
  const protocol = values.get('nw_proto');
  if (source === undefined || destination === undefined || protocol === undefined) return undefined;
  const sourcePort = values.get('tp_src');
  const destinationPort = values.get('tp_dst');
  return {
    source: { family, bits: source },
    destination: { family, bits: destination },
    protocol: Number(protocol),
    ...(sourcePort === undefined ? {} : { sourcePort: Number(sourcePort) }),
    ...(destinationPort === undefined ? {} : { destinationPort: Number(destinationPort) }),
  };
}
