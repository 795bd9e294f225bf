import { formatAddress, type IpAddress } from '../../net/address.ts';
import { PROTOCOL } from '../../net/protocol.ts';
import type { FieldValues } from '../elements/ovs/field-values.ts';
import { formatMac } from '../elements/ovs/value-text.ts';
import type { Namespace } from '../model/namespace.ts';
import type { Network } from '../model/network.ts';
import type { Packet } from '../model/packet.ts';
import { placeOfPort, type Switch, type SwitchPort, switchOf } from './ovs-switch.ts';
import { addStep, type Buffer, end, type Next, type Walk } from './walk.ts';

/** Bytes around a packet: the frame inside, the header of the tunnel, UDP. */
const OVERHEAD = { geneve: 30, vxlan: 30, gre: 18 } as const;
const IP_HEADER = { 4: 20, 6: 40 } as const;
const OUTER_TTL = 64;

/** Wraps what goes out by a tunnel port. The node sends the outer packet itself; flows have set where to (`tun_dst`). */
export function sendThroughTunnel(
  walk: Walk,
  found: Switch,
  port: SwitchPort,
  buffer: Buffer,
  values: FieldValues,
): Next {
  const { namespace } = found;
  const { tunnel } = port;
  const where = { namespace, device: port.name, buffer };
  const remote = tunnelAddress(values, 'dst');
  if (tunnel === undefined || remote === undefined) {
    return end(walk, 'dropped', where, {
      element: 'tunnel',
      detail: `no flow says where ${port.name} is to send the packet`,
      evidence: [{ file: found.file }],
      reason: 'no-tunnel-endpoint',
    });
  }
  const { packet } = buffer;
  const route = namespace.route({ destination: remote, mark: packet.mark, inInterface: 'lo' });
  const way = 'entry' in route ? route.device : undefined;
  const source =
    tunnelAddress(values, 'src') ??
    (way === undefined ? undefined : (namespace.masqueradeAddress(way, remote) ?? undefined));
  if (source === undefined) {
    return end(walk, route.kind === 'none' ? 'no-route' : 'unknown', where, {
      element: 'tunnel',
      detail: `no address to send from to tunnel endpoint ${formatAddress(remote)}`,
      evidence: [placeOfPort(found, port)],
    });
  }
  addStep(walk, namespace, {
    element: 'tunnel',
    action: 'encapsulate',
    detail: `${tunnel.kind} by ${port.name} from ${formatAddress(source)} to ${formatAddress(remote)}`,
    evidence: [placeOfPort(found, port)],
  });
  const outer: Packet = {
    source,
    destination: remote,
    protocol: tunnel.kind === 'gre' ? PROTOCOL.gre : PROTOCOL.udp,
    ...(tunnel.port === undefined ? {} : { destinationPort: tunnel.port }),
    mark: packet.mark,
    ttl: OUTER_TTL,
    size: packet.size + OVERHEAD[tunnel.kind] + IP_HEADER[remote.family],
    // Open vSwitch sets the bit unless it is told not to (option `df_default`).
    dontFragment: true,
    snat: false,
  };
  const mac = values.get('eth_dst');
  const id = Number(values.get('tun_id') ?? 0n);
  const header = { kind: tunnel.kind, vni: id, ...(mac === undefined ? {} : { mac: formatMac(mac) }) };
  return {
    kind: 'send',
    namespace,
    buffer: {
      packet: outer,
      connection: undefined,
      inner: { ...buffer, connection: undefined },
      tunnel: header,
    },
  };
}

function tunnelAddress(values: FieldValues, side: 'src' | 'dst'): IpAddress | undefined {
  const v4 = values.get(`tun_${side}`) ?? 0n;
  if (v4 !== 0n) return { family: 4, bits: v4 };
  const v6 = values.get(`tun_ipv6_${side}`) ?? 0n;
  return v6 === 0n ? undefined : { family: 6, bits: v6 };
}

/** The port of the bridge that takes an outer packet of a tunnel; undefined where no bridge does. */
export function tunnelPortFor(
  network: Network,
  namespace: Namespace,
  { packet, tunnel }: Buffer,
): { readonly found: Switch; readonly port: SwitchPort } | undefined {
  const found = switchOf(network, namespace);
  const port = found?.ports.find(
    (candidate) =>
      candidate.tunnel?.kind === tunnel?.kind &&
      candidate.tunnel?.port === packet.destinationPort &&
      tunnel !== undefined,
  );
  return found === undefined || port === undefined ? undefined : { found, port };
}
