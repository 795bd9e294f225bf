import type { Link } from '../../../parsers/ip-link/index.ts';
import { ipAddrProbe, ipLinkProbe } from '../../../probes/network.ts';
import { type Fact, type FactDefinition, known, type Origin, unknown } from '../../fact.ts';
import { at, type Reader } from '../../reader.ts';
import { ADDRESS_ANNOTATION } from './node-addresses.ts';

/** Devices that hold a node's address without being its network: Services of IPVS, loopback, dummies. */
const NOT_A_NIC = /^(?:lo|kube-ipvs0|dummy|nodelocaldns)/;

/**
 * The device that carries the VXLAN packets of this node: the one that owns the node's Calico address, else the one that
 * `vxlan.calico` was made on.
 */
export const vxlanParent: FactDefinition<string> = {
  id: 'calico.vxlan-parent',
  title: 'parent device of vxlan.calico',
  level: 'node',
  compute: (read) => ownerOfNodeAddress(read) ?? deviceOfTunnel(read),
};

function ownerOfNodeAddress(read: Reader): Fact<string> | undefined {
  const node = read.nodeObject();
  const annotations = node?.object.metadata.annotations as Readonly<Record<string, unknown>> | undefined;
  const text = annotations?.[ADDRESS_ANNOTATION];
  const probe = read.probe(ipAddrProbe);
  if (typeof text !== 'string' || probe.state === 'missing') return undefined;
  const [address] = text.split('/');
  const owners = probe.value.flatMap((link) =>
    NOT_A_NIC.test(link.name)
      ? []
      : link.addresses.filter((own) => own.address === address).map((own) => ({ name: link.name, own })),
  );
  const [owner, other] = owners;
  // The address stands on two devices for a moment while it moves; then nobody can say which one counts.
  if (owner === undefined || other !== undefined) return undefined;
  return known(owner.name, at(probe.file, owner.own));
}

function deviceOfTunnel(read: Reader): Fact<string> {
  const link = tunnelLink(read);
  const device = link?.link.details.dev;
  if (link === undefined || typeof device !== 'string') {
    return unknown({
      fact: 'parent device of vxlan.calico',
      command: 'ip -d link show vxlan.calico',
      where: 'node',
    });
  }
  return known(device, link.origin);
}

/** The device `vxlan.calico` of this node. */
function tunnelLink(read: Reader): { readonly link: Link; readonly origin: Origin } | undefined {
  for (const probe of [read.probe(ipLinkProbe), read.probe(ipAddrProbe)]) {
    if (probe.state === 'missing') continue;
    const link = probe.value.find(
      ({ name, details }) => name === 'vxlan.calico' && details.dev !== undefined,
    );
    if (link !== undefined) return { link, origin: at(probe.file, link) };
  }
  return undefined;
}
