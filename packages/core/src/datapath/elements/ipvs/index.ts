import { parseAddress } from '../../../net/address.ts';
import { hasPorts, protocolNumber } from '../../../net/protocol.ts';
import type { IpvsServer, IpvsService } from '../../../parsers/ipvs/index.ts';
import { proxyModeProbe } from '../../../probes/configuration.ts';
import { ipvsSaveProbe } from '../../../probes/firewall.ts';
import { placeIn } from '../../convert/namespace-evidence.ts';
import type { Namespace } from '../../model/namespace.ts';
import type { Packet } from '../../model/packet.ts';
import {
  addStep,
  type Buffer,
  describeEnd,
  end,
  expectSetting,
  type Next,
  noteMissing,
  type Walk,
} from '../../walk/walk.ts';
import { UNTRACKED } from '../conntrack/connection.ts';
import { translateDestination } from '../conntrack/translate.ts';

/**
 * Hands a packet for a virtual service to one of its servers (net/netfilter/ipvs/ip_vs_core.c, `ip_vs_in_hook`, and
 * ip_vs_xmit.c, `ip_vs_nat_xmit`). Works at local-in and local-out only, so the address of a service has to be one of the
 * node's own; kube-proxy puts them on `kube-ipvs0`.
 * Returns nothing where the packet goes on through the hook it is in.
 */
export function balance(walk: Walk, namespace: Namespace, device: string, buffer: Buffer): Next | undefined {
  if (buffer.balancedFor !== undefined) return undefined;
  const { ipvs } = namespace;
  if (ipvs === undefined) {
    noteMissingServices(walk, namespace);
    return undefined;
  }
  const service = findService(ipvs.value, buffer);
  if (service === undefined) return undefined;
  const where = { namespace, device, buffer };
  const evidence = [placeIn(ipvs.file, service)];
  const server = chooseServer(walk, service);
  if (server === undefined) {
    return end(walk, 'rejected', where, {
      element: 'ipvs',
      detail: 'the service has no server',
      evidence,
      reason: 'no-server',
    });
  }
  const target = parseAddress(server.address);
  if (
    target === undefined ||
    (server.forward !== undefined && server.forward !== 'masq' && server.forward !== 'local')
  ) {
    const detail = `forwarding by ${server.forward ?? 'an unknown method'} is not modelled`;
    return end(walk, 'unknown', where, { element: 'ipvs', detail, evidence: [placeIn(ipvs.file, server)] });
  }
  addStep(walk, namespace, {
    element: 'ipvs',
    action: 'dnat',
    detail: `to ${describeEnd(target, server.port)}`,
    evidence: [...evidence, placeIn(ipvs.file, server)],
  });
  follow(walk, namespace, buffer);
  const { tracked } = buffer.connection ?? UNTRACKED;
  if (tracked !== undefined) {
    const ports = { first: server.port, last: server.port };
    translateDestination(tracked, { first: target, ...(server.port === 0 ? {} : { ports }) }, walk.choices);
  }
  const { destination, destinationPort, protocol } = buffer.packet;
  const balancedFor = { address: destination, port: destinationPort, protocol };
  const packet = {
    ...buffer.packet,
    destination: target,
    ...(server.port === 0 ? {} : { destinationPort: server.port }),
  };
  if (namespace.hasAddress(target) === true) {
    buffer.packet = packet;
    buffer.balancedFor = balancedFor;
    return undefined;
  }
  return { kind: 'send', namespace, buffer: { ...buffer, packet, balancedFor } };
}

/** Without `net.ipv4.vs.conntrack` the connection is not tracked, and no rule can masquerade it. */
function follow(walk: Walk, namespace: Namespace, buffer: Buffer): void {
  const setting = namespace.settings.number('net.ipv4.vs.conntrack');
  const isTracked =
    setting === undefined
      ? expectSetting(walk, namespace.settings.file, 'net.ipv4.vs.conntrack')
      : setting > 0;
  if (!isTracked) buffer.connection = UNTRACKED;
}

/** Marks go first, and services of all ports last (net/netfilter/ipvs/ip_vs_ctl.c, `ip_vs_service_find`). */
function findService(services: readonly IpvsService[], { packet }: Buffer): IpvsService | undefined {
  const marked = services.find(({ fwmark }) => fwmark === packet.mark && packet.mark !== 0);
  if (marked !== undefined || !hasPorts(packet.protocol)) return marked;
  const addressed = services.filter((service) => isForAddress(service, packet));
  return (
    addressed.find(({ port }) => port === packet.destinationPort) ?? addressed.find(({ port }) => port === 0)
  );
}

function isForAddress(service: IpvsService, { destination, protocol }: Packet): boolean {
  const address = parseAddress(service.address ?? '');
  return (
    address?.family === destination.family &&
    address.bits === destination.bits &&
    protocolNumber(service.protocol) === protocol
  );
}

/** Which server is next is not in the evidence; each has a chance by its weight, where the scheduler looks at weights. */
function chooseServer(walk: Walk, service: IpvsService): IpvsServer | undefined {
  const able = service.servers.filter(({ weight }) => weight !== 0);
  const isWeighted = service.scheduler !== 'rr' && service.scheduler !== 'lc';
  const weights = able.map(({ weight }) => (isWeighted ? (weight ?? 1) : 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (able.length < 2) return able[0];
  return able[walk.choices.random(weights.map((weight) => weight / total))];
}

/** Where kube-proxy works with IPVS there are services, also on the node's own addresses. */
function noteMissingServices(walk: Walk, namespace: Namespace): void {
  if (namespace.name !== '') return;
  const { evidence } = namespace;
  const isUsed =
    namespace.interface('kube-ipvs0') !== undefined || evidence.read(proxyModeProbe)?.value?.mode === 'ipvs';
  if (isUsed) noteMissing(walk, evidence.pathOf(ipvsSaveProbe), 'not collected: IPVS services');
}
