import { VXLAN } from '../../modes/vxlan/device.ts';
import { inside } from '../../netns/command.ts';
import type { Fault } from '../fault.ts';
import { needsVxlan } from '../places.ts';

/** Between veth devices nobody checks a checksum, so no packet is lost here: it is the state that a real card would suffer from. */
export const checksumOffload: Fault = {
  id: 'checksum-offload',
  title: 'checksums of the tunnel are left to the hardware on all nodes',
  isInEvidence: false,
  whyNot: needsVxlan,
  apply: ({ nodes }) =>
    nodes.map(({ netns }) => inside(netns, ['ethtool', '-K', VXLAN, 'tx-checksum-ip-generic', 'on'])),
  breaks: () => [],
};
