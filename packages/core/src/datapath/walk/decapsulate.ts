import { formatAddress, parseAddress } from '../../net/address.ts';
import type { Interface } from '../convert/interfaces.ts';
import type { Namespace } from '../model/namespace.ts';
import { receiveFromTunnel } from './ovs-entry.ts';
import { addStep, type Buffer, end, type Next, type Walk } from './walk.ts';

/** Hands the packet inside to the tunnel device it is for. Connection tracking starts anew, the mark stays. */
export function decapsulate(walk: Walk, namespace: Namespace, device: string, buffer: Buffer): Next {
  const { inner, tunnel } = buffer;
  const where = { namespace, device, buffer };
  if (inner === undefined || tunnel === undefined) {
    return end(walk, 'unknown', where, { element: 'tunnel', detail: 'an outer packet without an inner one' });
  }
  const switched = receiveFromTunnel(walk, namespace, buffer);
  if (switched !== undefined) return switched;
  const found = [...(namespace.interfaces?.all.values() ?? [])].find((candidate) => takes(candidate, buffer));
  if (found === undefined) {
    return end(walk, namespace.interfaces === undefined ? 'left-network' : 'rejected', where, {
      element: 'tunnel',
      detail: `no device takes ${tunnel.kind} packets for ${formatAddress(buffer.packet.destination)}`,
      reason: 'no-tunnel-device',
    });
  }
  const { mac } = found.link;
  if (tunnel.mac !== undefined && mac !== undefined && mac.toLowerCase() !== tunnel.mac.toLowerCase()) {
    return end(
      walk,
      'dropped',
      { ...where, device: found.name },
      {
        element: 'tunnel',
        detail: `the frame is for ${tunnel.mac}, but ${found.name} is ${mac}`,
        evidence: [found.place],
        reason: 'tunnel-mac-mismatch',
      },
    );
  }
  addStep(walk, namespace, {
    element: 'tunnel',
    action: 'decapsulate',
    detail: `${tunnel.kind} by ${found.name}`,
    evidence: [found.place],
  });
  const packet = { ...inner.packet, mark: buffer.packet.mark };
  return {
    kind: 'arrive',
    namespace,
    device: found.name,
    buffer: { ...inner, packet, connection: undefined },
  };
}

function takes({ link, isUp }: Interface, { packet, tunnel }: Buffer): boolean {
  if (!isUp || tunnel === undefined || link.kind !== tunnel.kind) return false;
  const { local, remote } = link.details;
  if (link.kind === 'vxlan') {
    const port = link.details.dstport;
    return link.details.id === tunnel.vni && (typeof port !== 'number' || port === packet.destinationPort);
  }
  return isAnyOr(local, packet.destination.bits) && isAnyOr(remote, packet.source.bits);
}

function isAnyOr(value: unknown, bits: bigint): boolean {
  if (typeof value !== 'string' || value === 'any') return true;
  return parseAddress(value)?.bits === bits;
}
