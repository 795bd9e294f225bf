import { ipLinkProbe, ipRouteProbe } from '../../../probes/network.ts';
import { type FactDefinition, known, unknown } from '../../fact.ts';
import { at, inObject, missingObjects } from '../../reader.ts';
import { objectName, type StoredObject } from '../../snapshot/object-store.ts';
import { sha1 } from './sha1.ts';

interface PodSpec {
  readonly hostNetwork?: unknown;
}

interface PodStatus {
  readonly phase?: unknown;
  readonly podIP?: unknown;
}

/** Running pods whose interface stands on the host while the route to their address is gone. */
export const podsWithoutRoute: FactDefinition<readonly string[]> = {
  id: 'calico.pods-without-route',
  title: 'running pods without a route on their host',
  level: 'node',
  format: (list) => list.slice(0, 5).join('; ') || 'none',
  compute(read) {
    const pods = read.podsOnNode();
    const links = read.probe(ipLinkProbe);
    const routes = read.probe(ipRouteProbe);
    if (pods === undefined) return unknown(missingObjects('pods'));
    if (links.state === 'missing') return unknown(links.missing);
    if (routes.state === 'missing') return unknown(routes.missing);
    if (!routes.complete) {
      return unknown({ fact: 'routes', command: 'ip route show table all', where: 'node' });
    }
    const reached = new Set(routes.value.map(({ destination }) => destination));
    const lost = pods.items.flatMap((stored) => {
      const address = addressOf(stored);
      const link = links.value.find(({ name }) => name === hostEnd(stored));
      if (address === undefined || link === undefined || reached.has(`${address}/32`)) return [];
      return [{ text: `${objectName(stored.object)} (${address}, ${link.name})`, stored, link }];
    });
    if (lost.length === 0 && !(pods.complete && links.complete)) return unknown(missingObjects('pods'));
    const texts = [...new Set(lost.map(({ text }) => text))].sort();
    const origins = lost
      .slice(0, 3)
      .flatMap(({ stored, link }) => [inObject(stored, '/status/podIP'), at(links.file, link)]);
    return known(texts, ...origins, at(routes.file, {}));
  },
};

function addressOf({ object }: StoredObject): string | undefined {
  const { hostNetwork } = (object.spec ?? {}) as PodSpec;
  const { phase, podIP } = (object.status ?? {}) as PodStatus;
  const isOwn =
    hostNetwork !== true && phase === 'Running' && object.metadata.deletionTimestamp === undefined;
  return isOwn && typeof podIP === 'string' && /^\d+\.\d+\.\d+\.\d+$/.test(podIP) ? podIP : undefined;
}

/** Name of the host's end: `cali` and the first 11 digits of the SHA-1 of namespace and name. */
function hostEnd({ object: { metadata } }: StoredObject): string {
  return `cali${sha1(`${metadata.namespace}.${metadata.name}`).slice(0, 11)}`;
}
