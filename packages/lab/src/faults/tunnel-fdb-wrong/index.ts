import { VXLAN } from '../../modes/vxlan/device.ts';
import { bridge } from '../../netns/command.ts';
import type { Fault } from '../fault.ts';
import { farNode, nearNode, needsVxlan, podToPod } from '../places.ts';

/** An address of the nodes' network that nobody has: that of a node that was removed. */
const GONE = '172.30.1.99';

export const tunnelFdbWrong: Fault = {
  id: 'tunnel-fdb-wrong',
  title: 'packets for a node are sent to the address of another one',
  isInEvidence: true,
  whyNot: needsVxlan,
  apply: (cluster) => [
    bridge(nearNode(cluster).netns, `fdb replace ${farNode(cluster).tunnelMac} dev ${VXLAN} dst ${GONE}`),
  ],
  breaks: (cluster) => [podToPod(cluster)],
};
