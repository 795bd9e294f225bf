import { modeById } from '../../modes/index.ts';
import { ip } from '../../netns/command.ts';
import type { Fault } from '../fault.ts';
import { farNode, nearNode, podToPod, server } from '../places.ts';

export const hostRouteMissing: Fault = {
  id: 'host-route-missing',
  title: 'a node has no route to the server',
  isInEvidence: true,
  apply(cluster) {
    // Pods on a bridge have no routes of their own; there it is the route to the other node's network.
    if (!modeById(cluster.options.mode).isCalico)
      return [ip(nearNode(cluster).netns, `route del ${farNode(cluster).block}`)];
    return [ip(farNode(cluster).netns, `route del ${server(cluster).address}/32`)];
  },
  breaks: (cluster) => [podToPod(cluster)],
};
