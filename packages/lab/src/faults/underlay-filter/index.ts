import { NETWORKS } from '../../cluster/plan.ts';
import { modeById } from '../../modes/index.ts';
import { inside } from '../../netns/command.ts';
import type { Fault } from '../fault.ts';
import { podToPod } from '../places.ts';

export const underlayFilter: Fault = {
  id: 'underlay-filter',
  title: 'the switch between the nodes drops packets of pods',
  isInEvidence: false,
  apply(cluster) {
    const kind = modeById(cluster.options.mode).tunnel?.kind;
    const match =
      kind === 'vxlan' ? 'udp dport 4789' : kind === 'ipip' ? 'ip protocol 4' : `ip daddr ${NETWORKS.pods}`;
    const rules = [
      'table bridge underlay {',
      '  chain forward {',
      '    type filter hook forward priority 0',
      `    ${match} drop`,
      '  }',
      '}',
    ];
    return [inside(cluster.switch, ['nft', '-f', '-'], rules.map((line) => `${line}\n`).join(''))];
  },
  mend: (cluster) => [inside(cluster.switch, ['nft', 'delete', 'table', 'bridge', 'underlay'])],
  breaks: (cluster) => [podToPod(cluster)],
};
