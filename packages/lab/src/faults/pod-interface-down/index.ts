import { ip } from '../../netns/command.ts';
import type { Fault } from '../fault.ts';
import { podToPod, server } from '../places.ts';

export const podInterfaceDown: Fault = {
  id: 'pod-interface-down',
  title: 'the interface of the server is down',
  isInEvidence: true,
  apply: (cluster) => [ip(server(cluster).netns, 'link set eth0 down')],
  breaks: (cluster) => [podToPod(cluster)],
};
