import { ip } from '../../netns/command.ts';
import type { Fault } from '../fault.ts';
import { client, podToPod } from '../places.ts';

export const podRouteMissing: Fault = {
  id: 'pod-route-missing',
  title: 'the client has no default route',
  isInEvidence: true,
  apply: (cluster) => [ip(client(cluster).netns, 'route del default')],
  breaks: (cluster) => [podToPod(cluster)],
};
