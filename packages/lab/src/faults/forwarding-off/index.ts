import { sysctl } from '../../netns/command.ts';
import type { Fault } from '../fault.ts';
import { farNode, podToPod } from '../places.ts';

export const forwardingOff: Fault = {
  id: 'forwarding-off',
  title: 'the node of the server does not forward',
  isInEvidence: true,
  apply: (cluster) => [sysctl(farNode(cluster).netns, { 'net/ipv4/ip_forward': 0 })],
  breaks: (cluster) => [podToPod(cluster)],
};
