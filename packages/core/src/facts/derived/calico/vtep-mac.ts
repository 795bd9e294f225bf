import { ipLinkProbe } from '../../../probes/network.ts';
import { type FactDefinition, known, type Origin, unknown } from '../../fact.ts';
import { at, inObject, type Reader } from '../../reader.ts';
import { sha1 } from './sha1.ts';

const ANNOTATION = 'projectcalico.org/VXLANTunnelMACAddr';

/**
 * What is wrong with the MAC of `vxlan.calico`: null if it is the one the other nodes send to. That is the annotation's, else
 * `66:` and the first five bytes of the SHA-1 of the node's name.
 * https://github.com/projectcalico/calico/pull/8924
 */
export const vtepMac: FactDefinition<string | null> = {
  id: 'calico.vtep-mac-fault',
  title: 'MAC of vxlan.calico that the other nodes do not expect',
  level: 'node',
  format: (fault) => fault ?? 'none',
  compute(read) {
    const probe = read.probe(ipLinkProbe);
    if (probe.state === 'missing') return unknown(probe.missing);
    const link = probe.value.find(({ name }) => name === 'vxlan.calico');
    if (link === undefined && probe.complete) return known(null, at(probe.file, {}));
    const wanted = expectedMac(read);
    if (link?.mac === undefined || wanted === undefined) {
      return unknown({ fact: 'MAC of vxlan.calico', command: 'ip -d link show vxlan.calico', where: 'node' });
    }
    const origins = [at(probe.file, link), ...wanted.origins];
    if (link.mac === wanted.mac) return known(null, ...origins);
    return known(`${link.mac}, the other nodes send to ${wanted.mac}`, ...origins);
  },
};

/** A node that is only known by its directory has the name its evidence was stored under, which may not be Calico's. */
function expectedMac(
  read: Reader,
): { readonly mac: string; readonly origins: readonly Origin[] } | undefined {
  const node = read.nodeObject();
  if (node === undefined) return undefined;
  const annotations = node.object.metadata.annotations as Readonly<Record<string, unknown>> | undefined;
  const told = annotations?.[ANNOTATION];
  if (typeof told === 'string' && told !== '') {
    const pointer = '/metadata/annotations/projectcalico.org~1VXLANTunnelMACAddr';
    return { mac: told.toLowerCase(), origins: [inObject(node, pointer)] };
  }
  const bytes = sha1(node.object.metadata.name).slice(0, 10).match(/../g) ?? [];
  return { mac: ['66', ...bytes].join(':'), origins: [inObject(node, '/metadata/name')] };
}
