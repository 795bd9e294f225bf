import { iptablesTool } from '../../firewall/restore.ts';
import { inside } from '../../netns/command.ts';
import type { Fault } from '../fault.ts';
import { farNode, podToPod } from '../places.ts';

export const filterRule: Fault = {
  id: 'filter-rule',
  title: 'a rule of nobody knows whom drops packets to port 8080',
  isInEvidence: true,
  apply(cluster) {
    const rule = ['FORWARD', '1', '-p', 'tcp', '--dport', '8080', '-j', 'DROP'];
    return [inside(farNode(cluster).netns, [iptablesTool(cluster.options.proxy, 4), '-I', ...rule])];
  },
  breaks: (cluster) => [podToPod(cluster)],
};
