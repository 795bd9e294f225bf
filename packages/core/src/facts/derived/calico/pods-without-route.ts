import type { Route } from '../../../parsers/ip-route/index.ts';
import { ipRouteProbe } from '../../../probes/network.ts';
import { type FactDefinition, known, unknown } from '../../fact.ts';
import { at, missingObjects } from '../../reader.ts';
import { addressOrigin, type LocalPod, localPods } from './local-pods.ts';

/**
 * Running pods whose interface stands on the host while the route to their address is gone or leads to another
 * device. A pod whose interface is down has another fault, as the kernel removes the routes of such devices itself.
 */
export const podsWithoutRoute: FactDefinition<readonly string[]> = {
  id: 'calico.pods-without-route',
  title: 'running pods without a route on their host',
  level: 'node',
  format: (list) => list.slice(0, 5).join('; ') || 'none',
  compute(read) {
    const local = localPods(read);
    if ('missing' in local) return unknown(local.missing);
    const routes = read.probe(ipRouteProbe);
    if (routes.state === 'missing') return unknown(routes.missing);
    if (!routes.complete) {
      return unknown({ fact: 'routes', command: 'ip route show table all', where: 'node' });
    }
    const byDestination = Map.groupBy(routes.value.filter(isUsed), ({ destination }) => destination);
    const lost = local.pods.flatMap((pod) => {
      const own = byDestination.get(`${pod.address}/32`) ?? [];
      const { link } = pod;
      if (link === undefined || !link.flags.includes('UP') || own.some(({ device }) => device === link.name))
        return [];
      return [{ text: textOf(pod, own), pod, link, wrong: own[0] }];
    });
    if (lost.length === 0 && !local.complete) return unknown(missingObjects('pods'));
    const origins = lost
      .slice(0, 3)
      .flatMap(({ pod, link, wrong }) => [
        addressOrigin(pod.stored),
        at(local.file, link),
        ...(wrong === undefined ? [] : [at(routes.file, wrong)]),
      ]);
    return known(
      lost.map(({ text }) => text),
      ...origins,
      at(routes.file, {}),
    );
  },
};

function isUsed({ type, table, flags }: Route): boolean {
  return type === 'unicast' && table === 'main' && !flags.includes('dead');
}

function textOf({ name, address, hostEnd }: LocalPod, [wrong]: readonly Route[]): string {
  const where = wrong === undefined ? '' : `, the route leads to ${wrong.device ?? 'nowhere'}`;
  return `${name} (${address}, ${hostEnd}${where})`;
}
