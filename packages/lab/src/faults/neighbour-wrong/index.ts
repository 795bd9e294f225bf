import { modeById } from '../../modes/index.ts';
import { GATEWAY } from '../../modes/routed-pod.ts';
import { ip } from '../../netns/command.ts';
import type { Fault } from '../fault.ts';
import { client, podToPod } from '../places.ts';

/** A MAC that no interface of a lab has. */
const NOBODY = '02:00:00:00:de:ad';

export const neighbourWrong: Fault = {
  id: 'neighbour-wrong',
  title: 'the client has a wrong MAC for its gateway',
  isInEvidence: true,
  apply(cluster) {
    const { netns, node } = client(cluster);
    const gateway = modeById(cluster.options.mode).isCalico ? GATEWAY : node.inner;
    return [ip(netns, `neigh replace ${gateway} lladdr ${NOBODY} dev eth0 nud permanent`)];
  },
  breaks: (cluster) => [podToPod(cluster)],
};
