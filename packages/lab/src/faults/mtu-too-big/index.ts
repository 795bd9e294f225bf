import { modeById } from '../../modes/index.ts';
import { ip } from '../../netns/command.ts';
import type { Fault } from '../fault.ts';
import { client, podToPod } from '../places.ts';

export const mtuTooBig: Fault = {
  id: 'mtu-too-big',
  title: 'the client takes larger packets for possible than its node does',
  isInEvidence: true,
  apply: (cluster) => [
    ip(client(cluster).netns, `link set eth0 mtu ${modeById(cluster.options.mode).podMtu + 100}`),
  ],
  breaks: (cluster) => [
    { ...podToPod(cluster), protocol: 'udp', size: modeById(cluster.options.mode).podMtu + 50 },
  ],
};
