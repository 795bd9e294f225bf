import { backendsOf } from '../../cluster/plan.ts';
import { inside } from '../../netns/command.ts';
import type { Fault } from '../fault.ts';
import { nearNode, POD_TO_SERVICE } from '../places.ts';

export const ipvsServerMissing: Fault = {
  id: 'ipvs-server-missing',
  title: 'IPVS of a node knows no server of the Service web',
  isInEvidence: true,
  whyNot: ({ proxy }) => (proxy === 'ipvs' ? undefined : `proxy ${proxy} does not use IPVS`),
  apply(cluster) {
    const web = cluster.services.filter(({ name }) => name === 'web');
    return web.flatMap((service) =>
      backendsOf(cluster, service).map(({ address }) =>
        inside(nearNode(cluster).netns, [
          'ipvsadm',
          '-d',
          '-t',
          `${service.address}:80`,
          '-r',
          `${address}:8080`,
        ]),
      ),
    );
  },
  breaks: () => [POD_TO_SERVICE],
};
