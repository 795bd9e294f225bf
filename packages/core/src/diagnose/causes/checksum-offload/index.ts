import type { Interface } from '../../../datapath/convert/interfaces.ts';
import { placeIn } from '../../../datapath/convert/namespace-evidence.ts';
import type { Namespace } from '../../../datapath/model/namespace.ts';
import type { Snapshot } from '../../../facts/snapshot/snapshot.ts';
import type { Evidence } from '../../../model/evidence.ts';
import { ethtoolFeaturesProbe } from '../../../probes/network.ts';
import type { Cause } from '../../model/diagnosis.ts';
import type { CauseDefinition, Leg } from '../cause.ts';
import { isLost } from '../shared/ends.ts';
import { whereOf } from '../shared/place.ts';

/** A packet of a VXLAN tunnel whose source is translated while its checksum is left to hardware: it gets a wrong one. */
export const checksumOffload: CauseDefinition = {
  id: 'checksum-offload',
  title: 'checksum of the tunnel is left to hardware',
  find(leg, { snapshot }) {
    if (isLost(leg)) return [];
    return translatedTunnels(leg).flatMap(({ namespace, device }) => {
      const place = offloadOf(snapshot, namespace, device);
      return place === undefined ? [] : [causeOf(leg, namespace, device, place)];
    });
  },
};

interface Tunnel {
  readonly namespace: Namespace;
  readonly device: Interface;
}

/** Tunnel devices whose outer packets were masqueraded on their way out. */
function translatedTunnels({ trail: { hops } }: Leg): readonly Tunnel[] {
  return hops.flatMap(({ kind, namespace, packet, inner }, index): readonly Tunnel[] => {
    if (kind !== 'transmit' || inner === undefined || !packet.snat) return [];
    const into = hops
      .slice(0, index)
      .findLast((hop) => hop.kind === 'transmit' && hop.namespace === namespace);
    const device = into?.device === undefined ? undefined : namespace.interface(into.device);
    return device?.link.kind === 'vxlan' ? [{ namespace, device }] : [];
  });
}

/** Newer kernels print the part for all protocols, older ones only the group above it. */
const FEATURES = ['tx-checksum-ip-generic', 'tx-checksumming'];

/** The line that says that the device leaves checksums to hardware; undefined where it does not or nobody looked. */
function offloadOf(snapshot: Snapshot, { node }: Namespace, { name }: Interface): Evidence | undefined {
  const evidence = snapshot.nodes.find((candidate) => candidate.name === node);
  const read = evidence?.host.read(ethtoolFeaturesProbe, name);
  if (evidence === undefined || read === undefined || read.state === 'missing') return undefined;
  for (const feature of FEATURES) {
    const found = read.value.features.get(feature);
    if (found !== undefined)
      return found.on ? placeIn(`${evidence.directory}${read.file}`, found) : undefined;
  }
  return undefined;
}

function causeOf(leg: Leg, namespace: Namespace, { name }: Interface, place: Evidence): Cause {
  return {
    cause: 'checksum-offload',
    effect: 'hazard',
    direction: leg.direction,
    subject: { kind: 'node', name: namespace.node },
    text: `${namespace.node} masquerades the outer packet of ${name} and leaves its checksum to hardware, so the packet can arrive with a wrong checksum and be dropped: connections then take 1 s or 63 s, and UDP gets no answer (calico/vxlan-checksum-offload-63s).`,
    evidence: [place],
    remedies: [
      {
        kind: 'node-command',
        text: `Let the kernel compute the checksums of ${name}.`,
        command: `ethtool -K ${name} tx-checksum-ip-generic off`,
        where: whereOf(namespace),
        persistence: 'Until the device is made anew or the node reboots.',
        sideEffects:
          'Segmentation offload of the tunnel goes off as well, so throughput falls and CPU use rises.',
      },
      {
        kind: 'upgrade',
        component: 'calico',
        to: '>=3.29.0',
        text: 'Calico 3.29.0 and newer keeps packets of the tunnel out of address translation.',
      },
    ],
  };
}
